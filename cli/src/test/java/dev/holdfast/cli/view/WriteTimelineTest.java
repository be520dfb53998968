package dev.holdfast.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.files.RunDirectory;
import dev.holdfast.cli.view.WriteTimeline.Slice;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.WriteHistory;
import dev.holdfast.ledger.WriteOutcome;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The slices of a run that was saved on real servers, compared with a calculation from every single write. */
@Tag("unit")
class WriteTimelineTest {

    private static final double PRECISION = 0.01;
    private static final long MICROSECOND = 1000;

    private final Evidence evidence = read();

    private static Evidence read() {
        try {
            return RunDirectory.read(Path.of(WriteTimelineTest.class
                            .getResource("/runs/mongo-primary-kill")
                            .toURI()))
                    .evidence();
        } catch (java.net.URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private int[] endedIn(WriteTimeline timeline, int slice) {
        WriteHistory writes = evidence.writes();
        return IntStream.range(0, writes.limit())
                .filter(id -> writes.outcome(id) != WriteOutcome.UNUSED)
                .filter(id -> (writes.ended(id) - timeline.from()) / timeline.slice() == slice)
                .toArray();
    }

    @Test
    void the_median_of_every_slice_is_exact_to_one_percent_and_all_else_is_exact() {
        WriteTimeline timeline = WriteTimeline.of(evidence, s -> true);
        int all = 0;
        for (int i = 0; i < timeline.slices().size(); i++) {
            Slice slice = timeline.slices().get(i);
            int[] ids = endedIn(timeline, i);
            long[] latencies = Arrays.stream(ids)
                    .mapToLong(id -> evidence.writes().latency(id))
                    .sorted()
                    .toArray();
            long median = ids.length == 0 ? 0 : latencies[(ids.length - 1) / 2];
            assertThat(Math.abs(slice.median() - median))
                    .isLessThanOrEqualTo((long) (median * PRECISION) + MICROSECOND);
            assertThat(slice.longest()).isEqualTo(ids.length == 0 ? 0 : latencies[ids.length - 1]);
            assertThat(slice.median()).isLessThanOrEqualTo(slice.longest());
            for (WriteOutcome outcome : WriteOutcome.values()) {
                assertThat(count(slice, outcome)).isEqualTo((int) Arrays.stream(ids)
                        .filter(id -> evidence.writes().outcome(id) == outcome)
                        .count());
            }
            all += ids.length;
        }
        assertThat(all).isGreaterThan(500);
    }

    private static int count(Slice slice, WriteOutcome outcome) {
        return switch (outcome) {
            case ACKNOWLEDGED -> slice.acknowledged();
            case REFUSED -> slice.refused();
            case INDETERMINATE -> slice.indeterminate();
            case UNUSED -> 0;
        };
    }

    @Test
    void streams_that_do_not_match_are_not_counted() {
        WriteTimeline none = WriteTimeline.of(evidence, s -> false);
        assertThat(none.slices()).isNotEmpty().allMatch(Slice.EMPTY::equals);
        assertThat(none.until()).isEqualTo(WriteTimeline.of(evidence, s -> true).until());
    }
}
