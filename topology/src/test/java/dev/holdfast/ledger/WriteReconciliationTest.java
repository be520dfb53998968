package dev.holdfast.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class WriteReconciliationTest {

    private final WriteHistory writes = new WriteHistory();

    private void wrote(int id, int lane, WriteOutcome outcome) {
        writes.reserve(0, lane, id, 1);
        writes.ended(id, outcome, FailureReason.NONE, id, id, id + 1);
    }

    private WriteReconciliation found(long... ids) {
        return WriteReconciliation.of(
                writes,
                new ReadBackResult(0, "n", ids, LongStream.range(0, ids.length).toArray()));
    }

    @Test
    void all_that_was_acknowledged_and_is_there_once_is_well() {
        wrote(0, 1, WriteOutcome.ACKNOWLEDGED);
        wrote(1, 2, WriteOutcome.ACKNOWLEDGED);
        WriteReconciliation truth = found(1, 0);
        assertThat(truth.acknowledged()).isEqualTo(2);
        assertThat(truth.lost()).isEmpty();
        assertThat(truth.reordered()).isEmpty();
    }

    @Test
    void an_acknowledged_write_that_is_not_there_is_lost() {
        wrote(0, 1, WriteOutcome.ACKNOWLEDGED);
        wrote(1, 1, WriteOutcome.ACKNOWLEDGED);
        assertThat(found(0).lost()).containsExactly(1);
    }

    @Test
    void an_indeterminate_write_is_never_lost_and_never_a_ghost() {
        wrote(0, 1, WriteOutcome.INDETERMINATE);
        wrote(1, 1, WriteOutcome.INDETERMINATE);
        WriteReconciliation truth = found(1);
        assertThat(truth.lost()).isEmpty();
        assertThat(truth.ghosts()).isEmpty();
        assertThat(truth.indeterminatePresent()).containsExactly(1);
        assertThat(truth.indeterminateAbsent()).containsExactly(0);
    }

    @Test
    void a_refused_write_that_is_there_is_a_ghost_and_so_is_one_that_was_never_sent() {
        wrote(0, 1, WriteOutcome.REFUSED);
        assertThat(found(0, 77, -1).ghosts()).containsExactly(0L, 77L, -1L);
    }

    @Test
    void a_write_of_another_stream_is_a_ghost_here() {
        writes.reserve(1, 1, 0, 1);
        writes.ended(0, WriteOutcome.ACKNOWLEDGED, FailureReason.NONE, 0, 0, 1);
        assertThat(found(0).ghosts()).containsExactly(0L);
    }

    @Test
    void a_number_that_was_reserved_and_whose_outcome_is_not_on_disk_is_indeterminate_when_it_is_there() {
        writes.reserve(0, 1, 0, 10);
        WriteReconciliation truth = found(3);
        assertThat(truth.indeterminatePresent()).containsExactly(3);
        assertThat(truth.ghosts()).isEmpty();
    }

    @Test
    void a_write_that_is_there_twice_is_a_duplicate() {
        wrote(0, 1, WriteOutcome.ACKNOWLEDGED);
        assertThat(found(0, 0).duplicates()).containsExactly(0L);
    }

    @Test
    void a_write_that_stands_after_a_later_one_of_its_lane_is_reordered() {
        wrote(0, 1, WriteOutcome.ACKNOWLEDGED);
        wrote(1, 2, WriteOutcome.ACKNOWLEDGED);
        wrote(2, 1, WriteOutcome.ACKNOWLEDGED);
        assertThat(found(1, 2, 0).reordered()).containsExactly(0L);
        assertThat(found(1, 0, 2).reordered()).isEmpty();
        ReadBackResult byPosition = new ReadBackResult(0, "n", new long[] {0, 2}, new long[] {9, 4});
        assertThat(WriteReconciliation.of(writes, byPosition).reordered()).containsExactly(0L);
    }
}
