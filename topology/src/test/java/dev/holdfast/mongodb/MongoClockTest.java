package dev.holdfast.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.backup.Clocks;
import dev.holdfast.backup.Moment.ClusterTime;
import dev.holdfast.world.Action;
import dev.holdfast.world.Answer;
import dev.holdfast.world.FakeWorld;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a moment of now is, by what the primaries of two shards say that they have written last. */
class MongoClockTest {

    private static final long SECOND = 1_800_000_000L;

    private final MongoCluster cluster = Wanted.sharded();
    /** What each shard's primary says, one answer after the other; the last one stays. */
    private final Map<String, Deque<Integer>> said = new HashMap<>();

    private final FakeWorld world = new FakeWorld().with(this::answer);

    private Answer answer(Action action, Instant now) {
        MongoCluster.MongoSet set = cluster.sets().stream()
                .filter(s -> s.nodes().get(0).equals(((Action.Command) action).node()))
                .findFirst()
                .orElse(null);
        if (set == null || !said.containsKey(set.name())) {
            return Answer.ok(List.of(Map.of("setName", "s", "secondary", true)));
        }
        Deque<Integer> answers = said.get(set.name());
        int increment = answers.size() > 1 ? answers.poll() : answers.peek();
        Map<String, Object> stamp = Map.of("$timestamp", Map.of("t", SECOND, "i", increment));
        return Answer.ok(List.of(Map.of(
                "setName",
                set.name(),
                "isWritablePrimary",
                true,
                "lastWrite",
                Map.of("opTime", Map.of("ts", stamp, "t", 1)))));
    }

    private void says(int shard, Integer... increments) {
        said.put(cluster.sets().get(shard).name(), new ArrayDeque<>(List.of(increments)));
    }

    @Test
    void the_furthest_write_is_told_when_every_shard_has_gone_beyond_it() {
        says(0, 7, 8, 9);
        says(1, 3, 5, 7, 8);
        assertThat(new MongoClock(world, cluster).now()).contains(new ClusterTime(SECOND, 7));
        assertThat(said.get(cluster.sets().get(1).name()))
                .as("as long as it was not")
                .hasSize(1);
    }

    @Test
    void nothing_is_told_when_a_shard_does_not_go_on() {
        says(0, 7, 8);
        says(1, 7);
        assertThat(new MongoClock(world, cluster).now()).isEmpty();
        assertThat(world.now()).isAfter(Instant.parse("2026-01-01T00:00:59Z"));
    }

    @Test
    void nothing_is_told_when_a_shard_has_no_primary() {
        says(0, 7, 8);
        assertThat(new MongoClock(world, cluster).now()).isEmpty();
        assertThat(new MongoClock(world, cluster).told()).isEmpty();
    }

    @Test
    void operations_of_one_second_keep_their_order_as_times() {
        says(0, 7);
        says(1, 3);
        assertThat(new MongoClock(world, cluster).told())
                .contains(new Clocks(Instant.ofEpochSecond(SECOND, 3), Instant.ofEpochSecond(SECOND, 7)));
    }
}
