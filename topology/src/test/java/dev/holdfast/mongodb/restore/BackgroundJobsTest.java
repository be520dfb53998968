package dev.holdfast.mongodb.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.backup.RestoreRequest;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Script;
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
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A restored copy is not altered by the TTL monitor or the balancer before it was verified. */
@Tag("unit")
class BackgroundJobsTest {

    private static final ClusterTime TOP = new ClusterTime(100, 1);

    private static RestoreState state(RestoreRequest.Destination into, MongoCluster cluster) {
        MemberBackup copy = MemberBackup.of(
                "config",
                "L",
                List.of(
                        List.of("top", TOP.toString()),
                        List.of("bytes", "7"),
                        List.of("size", "70"),
                        List.of("sha256", "5".repeat(64)),
                        List.of("archive", "data.tar.zst")),
                Optional.of(7L));
        Map<String, Pick> picks = new HashMap<>();
        Map<Node, Progress> progress = new HashMap<>();
        for (MongoSet set : cluster.allSets()) {
            picks.put(set.name(), new Pick(copy, TOP));
            progress.put(RestoreDestination.builder(set), new Progress("replayed", "r-1"));
        }
        BackupRepository repository = new BackupRepository(
                "/b", "/b/mongodb/e/c", Optional.empty(), Duration.ofSeconds(60), Optional.empty());
        return new RestoreState(
                Instant.EPOCH,
                null,
                new RestoreDestination(into, Wanted.estate(cluster), cluster),
                new RepositoryState(repository, List.of(), 0, Optional.empty(), false, ""),
                new ResolvedTarget(TOP, "r-1", picks, List.of(), "", ""),
                new DiskSpaceCheck(Map.of()),
                Map.of(),
                progress,
                Map.of());
    }

    private static RestoreState inPlace(MongoCluster cluster) {
        return state(new RestoreRequest.InPlace(), cluster);
    }

    private static List<String> titles(List<Step> steps) {
        return steps.stream().map(Step::title).toList();
    }

    private static String parameters(Action action) {
        Object conf = action.script().values().get("conf");
        return (conf instanceof Script file ? file : action.script())
                .values()
                .get("parameters")
                .toString();
    }

    @Test
    void restored_members_start_without_the_ttl_monitor() {
        MongoCluster cluster = Wanted.with(Wanted.replicaSet("a1", "b1", "c1"), 2, Wanted::arbiter);
        List<Step> starts = new ClusterAssemblySteps(inPlace(cluster)).members().steps();
        assertThat(starts).hasSize(3);
        assertThat(starts.subList(0, 2))
                .allSatisfy(s -> assertThat(parameters(s.actions().get(0))).contains("\"ttlMonitorEnabled\": false"));
        assertThat(parameters(starts.get(2).actions().get(0)))
                .as("an arbiter has no data, and its parameter could not be changed later")
                .doesNotContain("ttlMonitorEnabled");
    }

    @Test
    void both_jobs_run_again_after_the_verification_and_before_it_is_recorded() {
        List<Step> steps =
                new ClusterAssemblySteps(inPlace(Wanted.sharded())).proof().steps();
        List<String> titles = titles(steps);
        assertThat(titles)
                .endsWith("Start the balancer", "Record the verification")
                .contains("Start the TTL monitor of social/shard-a/a1", "Start the TTL monitor of social/config/c1");
        assertThat(titles.indexOf("Compare the content of all members"))
                .isLessThan(titles.indexOf("Start the TTL monitor of social/shard-a/a1"));
        Step one = steps.get(titles.indexOf("Start the TTL monitor of social/shard-a/a1"));
        assertThat(parameters(one.actions().get(0)))
                .as("the file of the next start is as declared")
                .doesNotContain("ttlMonitorEnabled");
    }

    @Test
    void a_ttl_monitor_that_is_declared_off_stays_off() {
        MongoCluster off =
                Wanted.settings(Wanted.replicaSet("a1", "b1", "c1"), Map.of("setParameter.ttlMonitorEnabled", false));
        assertThat(new BackgroundJobs(inPlace(off)).resumed("social")).isEmpty();
    }

    @Test
    void both_stay_off_on_side_by_side_servers() {
        List<Step> steps = new ClusterAssemblySteps(state(new RestoreRequest.SideBySide("x"), Wanted.sharded()))
                .proof()
                .steps();
        assertThat(titles(steps)).noneMatch(t -> t.startsWith("Start "));
    }

    @Test
    void the_balancer_of_the_restored_config_servers_is_off_before_they_form_a_set() {
        MongoCluster sharded = Wanted.sharded();
        List<Step> steps = new ReplicaSetRenameSteps(new StandaloneServer(
                        inPlace(sharded), sharded.configServers().orElseThrow()))
                .steps();
        assertThat(steps.stream()
                        .flatMap(s -> s.actions().stream())
                        .map(a -> a.script().file()))
                .contains("mongodb/restore-balancer.json");
    }
}
