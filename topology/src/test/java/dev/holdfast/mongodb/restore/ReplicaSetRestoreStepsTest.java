package dev.holdfast.mongodb.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.backup.RestoreRequest;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.Wanted;
import dev.holdfast.mongodb.backup.MemberBackup;
import dev.holdfast.mongodb.backup.RepositoryState;
import dev.holdfast.mongodb.restore.ResolvedTarget.Pick;
import dev.holdfast.mongodb.restore.RestoreState.Progress;
import dev.holdfast.mongodb.topology.BackupRepository;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.value.ClusterTime;
import dev.holdfast.plan.Step;
import dev.holdfast.world.FakeWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A replica set of a1, b1 and c1 is brought back in place from one copy and the archive after it. */
@Tag("unit")
class ReplicaSetRestoreStepsTest {

    private static final String ORDER = "r-1";
    private static final ClusterTime TOP = new ClusterTime(100, 1);
    private static final ClusterTime LAST = new ClusterTime(190, 2);
    private static final ClusterTime MOMENT = new ClusterTime(200, 0);

    private final MongoCluster cluster = Wanted.replicaSet("a1", "b1", "c1");
    private final MongoSet set = cluster.sets().get(0);
    private final Node builder = RestoreDestination.builder(set);
    private final Map<Node, Progress> progress = new HashMap<>();
    private ClusterTime last = LAST;

    private ReplicaSetRestoreSteps steps() {
        MemberBackup copy = MemberBackup.of(
                "rs",
                "L",
                List.of(
                        List.of("top", TOP.toString()),
                        List.of("bytes", "7"),
                        List.of("size", "70"),
                        List.of("sha256", "5".repeat(64)),
                        List.of("archive", "data.tar.zst")),
                Optional.of(7L));
        BackupRepository repository = new BackupRepository(
                "/b", "/b/mongodb/e/c", Optional.empty(), Duration.ofSeconds(60), Optional.empty());
        RestoreDestination target =
                new RestoreDestination(new RestoreRequest.InPlace(), Wanted.estate(cluster), cluster);
        return new ReplicaSetRestoreSteps(
                new RestoreState(
                        Instant.EPOCH,
                        null,
                        target,
                        new RepositoryState(repository, List.of(), 0, Optional.empty(), false, ""),
                        new ResolvedTarget(MOMENT, ORDER, Map.of("rs", new Pick(copy, last)), List.of(), "", ""),
                        new DiskSpaceCheck(Map.of()),
                        Map.of(),
                        progress,
                        Map.of()),
                set);
    }

    private static List<String> said(List<Step> steps) {
        return steps.stream()
                .flatMap(s -> s.actions().stream())
                .map(a -> a.script().file().replace("mongodb/", ""))
                .toList();
    }

    private static Map<String, Object> values(Step step, int action) {
        return step.actions().get(action).script().values();
    }

    @Test
    void operations_after_the_copy_are_given_to_a_server_that_is_killed_and_then_replays_them() {
        List<Step> steps = steps().steps();
        assertThat(said(steps))
                .startsWith(
                        "restore-unpack.sh",
                        "restore-start.sh",
                        "restore-untruncated.json",
                        "oplog-load.json",
                        "restore-stop.sh",
                        "restore-start.sh",
                        "restore-stop.sh");
        assertThat(steps).allMatch(s -> s.lane().equals(builder.id()));
        assertThat(values(steps.get(3), 0)).containsEntry("how", "KILL").containsEntry("state", "");
        assertThat(values(steps.get(5), 0)).containsEntry("state", "replayed");
        assertThat(values(steps.get(5), 0).get("how")).isNotEqualTo("KILL");
    }

    @Test
    void the_copy_is_unpacked_with_its_checksum_and_size() {
        assertThat(values(steps().steps().get(0), 0))
                .containsEntry("order", ORDER)
                .containsEntry("archive", "/b/mongodb/e/c/rs/base/L/data.tar.zst")
                .containsEntry("checksum", "5".repeat(64))
                .containsEntry("size", 70L);
    }

    @Test
    void exactly_what_comes_after_the_copy_and_up_to_the_moment_is_given() {
        Step pour = steps().steps().get(2);
        assertThat(values(pour, 1)).containsEntry("after", TOP.json()).containsEntry("through", MOMENT.json());
        assertThat(((Action.LoadOplog) pour.actions().get(1)).folder()).isEqualTo("/b/mongodb/e/c/rs/oplog");
        Map<String, Object> operation = new HashMap<>(Map.of(
                "ts", Map.of("$timestamp", Map.of("t", LAST.seconds(), "i", LAST.increment() - 1))));
        FakeWorld world = new FakeWorld()
                .with((action, now) ->
                        ActionResult.ok(List.of(Map.of("cursor", Map.of("firstBatch", List.of(operation))))));
        assertThat(pour.until().look().at(world).holds()).isFalse();
        operation.put("ts", Map.of("$timestamp", Map.of("t", LAST.seconds(), "i", LAST.increment())));
        assertThat(pour.until().look().at(world).holds()).isTrue();
    }

    @Test
    void a_copy_that_ends_at_the_moment_is_started_once_and_given_nothing() {
        last = TOP;
        assertThat(said(steps().steps()))
                .startsWith("restore-unpack.sh", "restore-start.sh", "restore-stop.sh")
                .doesNotContain("oplog-load.json");
    }

    @Test
    void the_replay_is_done_when_the_server_says_up_to_where_and_its_history_ends_there() {
        Step replay = steps().steps().get(4);
        String[] answer = {"applied\t5\ntop\t" + LAST.seconds() + "\t" + LAST.increment() + "\n"};
        Map<String, Object> operation =
                Map.of("ts", Map.of("$timestamp", Map.of("t", LAST.seconds(), "i", LAST.increment())));
        Map<String, Object> hello = new HashMap<>(Map.of("ok", 1));
        FakeWorld world = new FakeWorld().with((action, now) -> switch (action.script()
                .file()) {
            case "mongodb/hello.json" -> ActionResult.ok(List.of(hello));
            case "mongodb/restore-replay-log.sh" -> ActionResult.ok(answer[0]);
            default -> ActionResult.ok(List.of(Map.of("cursor", Map.of("firstBatch", List.of(operation)))));
        });
        assertThat(replay.until().look().at(world).holds()).isTrue();
        answer[0] = "applied\t5\ntop\t" + LAST.seconds() + "\t" + (LAST.increment() - 1) + "\n";
        assertThat(replay.until().look().at(world).holds())
                .as("it has not replayed everything")
                .isFalse();
        answer[0] = "top\t" + LAST.seconds() + "\t" + LAST.increment() + "\n";
        assertThat(replay.until().look().at(world).holds())
                .as("it has not replayed anything")
                .isFalse();
        hello.put("setName", "rs");
        assertThat(replay.until().look().at(world).holds()).as("it is in a set").isFalse();
    }

    @Test
    void a_replay_that_is_complete_is_not_begun_again_but_one_of_another_restore_is() {
        progress.put(builder, new Progress("replayed", ORDER));
        assertThat(said(steps().steps())).doesNotContain("restore-unpack.sh", "oplog-load.json");
        progress.put(builder, new Progress("unpacked", ORDER));
        assertThat(said(steps().steps())).startsWith("restore-unpack.sh");
        progress.put(builder, new Progress("replayed", "r-0"));
        assertThat(said(steps().steps())).startsWith("restore-unpack.sh");
    }

    @Test
    void members_of_the_same_machine_take_the_data_once_it_is_ready() {
        assertThat(steps().copyToMembers()).isEmpty();
        progress.put(builder, new Progress("ready", ORDER));
        List<Node> others = set.nodes().stream().filter(n -> !n.equals(builder)).toList();
        progress.put(others.get(0), new Progress("ready", ORDER));
        List<Step> copyToMembers = steps().copyToMembers();
        assertThat(copyToMembers)
                .extracting(Step::lane)
                .containsExactly(others.get(1).id());
        assertThat(values(copyToMembers.get(0), 0))
                .containsEntry("from", builder.directory())
                .containsEntry("directory", others.get(1).directory());
    }
}
