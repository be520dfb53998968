package dev.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.drill.fault.KillProcess;
import dev.holdfast.drill.fault.PauseProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class FaultScheduleTest {

    private static final Instant ZERO = Instant.parse("2026-01-01T00:00:00Z");

    private final FaultInjection frozen = new FaultInjection(
            new PauseProcess(),
            TargetSelector.STANDBY,
            Optional.empty(),
            Duration.ZERO,
            Optional.of(Duration.ofSeconds(3)));
    private final FaultInjection killed = new FaultInjection(
            new KillProcess(), TargetSelector.PRIMARY, Optional.empty(), Duration.ofSeconds(2), Optional.empty());
    private final FaultSchedule timetable = new FaultSchedule();

    FaultScheduleTest() {
        timetable.plan(List.of(frozen, killed));
        timetable.begun(frozen, ZERO);
    }

    private static Instant second(int n) {
        return ZERO.plusSeconds(n);
    }

    @Test
    void what_lasts_three_seconds_is_reverted_then_when_all_goes_as_planned() {
        timetable.inEffect(killed, second(2));
        assertThat(timetable.isDue(frozen, second(3).minusMillis(1))).isFalse();
        assertThat(timetable.isDue(frozen, second(3))).isTrue();
    }

    @Test
    void it_is_not_reverted_before_a_break_that_was_to_come_earlier() {
        assertThat(timetable.isDue(frozen, second(60))).isFalse();
    }

    @Test
    void it_is_reverted_as_long_after_a_late_break_as_was_written() {
        timetable.inEffect(killed, second(10));
        assertThat(timetable.isDue(frozen, second(11).minusMillis(1))).isFalse();
        assertThat(timetable.isDue(frozen, second(11))).isTrue();
    }

    @Test
    void a_break_that_was_to_come_later_than_the_revert_is_not_waited_for() {
        FaultInjection later = new FaultInjection(
                new KillProcess(), TargetSelector.PRIMARY, Optional.empty(), Duration.ofSeconds(4), Optional.empty());
        timetable.plan(List.of(frozen, later));
        assertThat(timetable.isDue(frozen, second(3))).isTrue();
    }

    @Test
    void a_break_that_will_not_be_made_any_more_is_not_waited_for() {
        timetable.close();
        assertThat(timetable.isDue(frozen, second(3))).isTrue();
    }

    @Test
    void what_has_no_time_of_its_own_is_reverted_with_all_others() {
        timetable.inEffect(killed, second(2));
        assertThat(timetable.isDue(killed, second(600))).isFalse();
    }

    @Test
    void what_was_never_begun_is_not_reverted() {
        timetable.begun(killed, second(2));
        assertThat(new FaultSchedule().isDue(frozen, second(600))).isFalse();
    }
}
