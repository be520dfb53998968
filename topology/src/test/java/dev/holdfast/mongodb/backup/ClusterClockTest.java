package dev.holdfast.mongodb.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.backup.ClockRange;
import dev.holdfast.backup.RecoveryTarget.ClusterTime;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.mongodb.Wanted;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.world.FakeWorld;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a moment of now is, by what the primaries of two shards say that they have written last. */
@Tag("unit")
class ClusterClockTest {

    private static final long SECOND = 1_800_000_000L;

    private final MongoCluster cluster = Wanted.sharded();
    /** What each shard's primary says, one answer after the other; the last one stays. */
    private final Map<String, Deque<Integer>> clocks = new HashMap<>();

    private final FakeWorld world = new FakeWorld().with(this::answer);

    private ActionResult answer(Action action, Instant now) {
        MongoCluster.MongoSet set = cluster.sets().stream()
                .filter(s -> s.nodes().get(0).equals(((Action.RunDocumentCommand) action).node()))
                .findFirst()
                .orElse(null);
        if (set == null || !clocks.containsKey(set.name())) {
            return ActionResult.ok(List.of(Map.of("setName", "s", "secondary", true)));
        }
        Deque<Integer> answers = clocks.get(set.name());
        int increment = answers.size() > 1 ? answers.poll() : answers.peek();
        Map<String, Object> stamp = Map.of("$timestamp", Map.of("t", SECOND, "i", increment));
        return ActionResult.ok(List.of(Map.of(
                "setName",
                set.name(),
                "isWritablePrimary",
                true,
                "lastWrite",
                Map.of("opTime", Map.of("ts", stamp, "t", 1)))));
    }

    private void setClocks(int shard, Integer... increments) {
        clocks.put(cluster.sets().get(shard).name(), new ArrayDeque<>(List.of(increments)));
    }

    @Test
    void the_furthest_write_is_reported_when_every_shard_has_gone_beyond_it() {
        setClocks(0, 7, 8, 9);
        setClocks(1, 3, 5, 7, 8);
        assertThat(new ClusterClock(world, cluster).now()).contains(new ClusterTime(SECOND, 7));
        assertThat(clocks.get(cluster.sets().get(1).name()))
                .as("as long as it was not")
                .hasSize(1);
    }

    @Test
    void nothing_is_reported_when_a_shard_does_not_go_on() {
        setClocks(0, 7, 8);
        setClocks(1, 7);
        assertThat(new ClusterClock(world, cluster).now()).isEmpty();
        assertThat(world.now()).isAfter(Instant.parse("2026-01-01T00:00:59Z"));
    }

    @Test
    void nothing_is_reported_when_a_shard_has_no_primary() {
        setClocks(0, 7, 8);
        assertThat(new ClusterClock(world, cluster).now()).isEmpty();
        assertThat(new ClusterClock(world, cluster).range()).isEmpty();
    }

    @Test
    void operations_of_one_second_keep_their_order_as_times() {
        setClocks(0, 7);
        setClocks(1, 3);
        assertThat(new ClusterClock(world, cluster).range())
                .contains(new ClockRange(Instant.ofEpochSecond(SECOND, 3), Instant.ofEpochSecond(SECOND, 7)));
    }
}
