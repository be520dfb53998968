package dev.holdfast.postgres.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.postgres.value.Lsn;
import dev.holdfast.world.FakeOutput;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The WAL that only a lost primary has: what is not in the answer is unknown, and never nothing. */
@Tag("unit")
class ReplicationGapTest {

    private static final Lsn FROM = Lsn.at("0/3000000");

    private static FakeOutput wal(String end, int commits, String first, String last) {
        return new FakeOutput("postgres/wal-gap.sh")
                .record("wal", "end", end, "records", 9, "commits", commits, "first", first, "last", last);
    }

    private static ReplicationGap gap(FakeOutput output) {
        return ReplicationGap.ofLost(ReplicationGap.OF_LOST.read(output.answer()), FROM);
    }

    private static FakeOutput exposed(FakeOutput output) {
        return output.record("exposure", "waiters", 108, "lived", 0.2);
    }

    @Test
    void commits_are_counted_with_the_time_between_them_also_over_the_end_of_a_month() {
        ReplicationGap gap = gap(exposed(wal("0/3000100", 2, "2026-11-30 23:59:59.5", "2026-12-01 00:00:01.0")));
        assertThat(gap.isKnown()).isTrue();
        assertThat(gap.waiters()).isEqualTo(108);
        assertThat(gap.description()).isEqualTo("256 bytes of WAL with 2 commits, made within 1.5 s");
        assertThat(gap(exposed(wal("0/3000000", 0, "", ""))).isNothing()).isTrue();
    }

    @Test
    void without_the_exposure_the_gap_is_unknown() {
        assertThat(gap(wal("0/3000100", 2, "2026-11-30 10:00:00", "2026-11-30 10:00:01")))
                .isEqualTo(ReplicationGap.UNKNOWN);
        assertThat(gap(wal("0/3000000", 0, "", "")).isNothing()).isFalse();
    }

    @Test
    void without_an_end_or_without_times_the_gap_is_unknown() {
        assertThat(gap(exposed(wal("", 0, "", "")))).isEqualTo(ReplicationGap.UNKNOWN);
        assertThat(gap(exposed(wal("0/3000100", 2, "", "")))).isEqualTo(ReplicationGap.UNKNOWN);
        assertThat(gap(exposed(wal("0/3000100", 2, "2026-11-30 10:00:00", "soon"))))
                .isEqualTo(ReplicationGap.UNKNOWN);
    }
}
