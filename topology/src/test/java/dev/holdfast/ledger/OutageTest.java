package dev.holdfast.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Times in milliseconds; a write every 10 ms that takes 1 ms. */
@Tag("unit")
class OutageTest {

    private static final long MS = 1_000_000;
    private final WriteHistory writes = new WriteHistory();
    private int next;

    private void wrote(WriteOutcome outcome, long due, long ended) {
        writes.reserve(0, 0, next, 1);
        writes.ended(next++, outcome, FailureReason.NONE, due * MS, due * MS, ended * MS);
    }

    private void steadily(long from, long until) {
        for (long at = from; at < until; at += 10) {
            wrote(WriteOutcome.ACKNOWLEDGED, at, at + 1);
        }
    }

    @Test
    void without_a_refused_or_late_write_recovery_is_unknown_and_not_zero() {
        steadily(0, 2000);
        Outage outage = Outage.of(writes, 0, 1000 * MS, 2000 * MS);
        assertThat(outage.noticed()).isZero();
        assertThat(outage.recovery()).isEmpty();
    }

    @Test
    void recovery_runs_to_the_first_acknowledgement_after_the_longest_silence() {
        steadily(0, 1000);
        wrote(WriteOutcome.ACKNOWLEDGED, 1000, 1003);
        wrote(WriteOutcome.INDETERMINATE, 1010, 1400);
        wrote(WriteOutcome.REFUSED, 1200, 1201);
        steadily(1700, 2000);
        Outage outage = Outage.of(writes, 0, 1000 * MS, 2000 * MS);
        assertThat(outage.noticed()).isEqualTo(2);
        assertThat(outage.recovery()).hasValue(701 * MS);
        assertThat(outage.steady()).hasValue(1400 * MS);
        assertThat(outage.silence()).isEqualTo((1701 - 1003) * MS);
    }

    @Test
    void a_stall_without_any_error_is_noticed_by_the_lateness_of_its_answers() {
        steadily(0, 1000);
        wrote(WriteOutcome.ACKNOWLEDGED, 1000, 1900);
        wrote(WriteOutcome.ACKNOWLEDGED, 1010, 1901);
        Outage outage = Outage.of(writes, 0, 1000 * MS, 2000 * MS);
        assertThat(outage.noticed()).isEqualTo(2);
        assertThat(outage.recovery()).hasValue(900 * MS);
    }

    @Test
    void a_service_that_does_not_come_back_has_no_recovery() {
        steadily(0, 1000);
        wrote(WriteOutcome.REFUSED, 1000, 1001);
        wrote(WriteOutcome.REFUSED, 4000, 4001);
        Outage outage = Outage.of(writes, 0, 1000 * MS, 5000 * MS);
        assertThat(outage.noticed()).isEqualTo(2);
        assertThat(outage.recovery()).isEmpty();
    }

    @Test
    void what_comes_after_the_end_of_the_look_does_not_count() {
        steadily(0, 1000);
        wrote(WriteOutcome.REFUSED, 1000, 1001);
        steadily(1100, 1200);
        wrote(WriteOutcome.REFUSED, 3000, 3001);
        steadily(4000, 4100);
        assertThat(Outage.of(writes, 0, 1000 * MS, 1300 * MS).recovery()).hasValue(101 * MS);
    }
}
