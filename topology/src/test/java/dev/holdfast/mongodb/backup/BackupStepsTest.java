package dev.holdfast.mongodb.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.SecretRef;
import dev.holdfast.mongodb.Wanted;
import dev.holdfast.mongodb.state.HostFiles;
import dev.holdfast.mongodb.state.InstalledVersions;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.state.ServerReply;
import dev.holdfast.mongodb.state.ShardingState;
import dev.holdfast.mongodb.topology.BackupRepository;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.value.ClusterTime;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.world.FakeWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One backup of a replica set or of a sharded cluster; the first member of each set is its primary. */
@Tag("unit")
class BackupStepsTest {

    private static final Credentials LOGIN = new Credentials("holdfast", new SecretRef("social/holdfast"), "admin");
    private static final Instant AT = Instant.ofEpochSecond(1_767_225_600);
    private static final String LABEL = "20260101T000000Z";
    private static final String SUM = "0".repeat(64);
    private static final ClusterTime TOP = new ClusterTime(AT.getEpochSecond() - 5, 3);

    private MongoCluster cluster = Wanted.replicaSet("a1", "b1", "c1");
    private Optional<Duration> keep = Optional.empty();
    private boolean balancer = true;
    private boolean noted;
    private final Set<String> down = new HashSet<>();
    private final Map<String, ClusterTime> locked = new LinkedHashMap<>();
    private final Map<String, List<MemberBackup>> copies = new HashMap<>();
    private List<OplogSlice> slices = List.of();
    private Optional<ReplicaSetInventory.Archived> archived = Optional.empty();

    private MongoSet set(String name) {
        return cluster.allSets().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private NodeState server(MongoSet set, int member) {
        boolean isUp = !down.contains(set.nodes().get(member).id());
        MongoDocument hello = isUp
                ? new MongoDocument(
                        Map.of("setName", set.name(), "isWritablePrimary", member == 0, "secondary", member > 0))
                : MongoDocument.EMPTY;
        return new NodeState(
                set.nodes().get(member),
                new HostFacts(
                        isUp ? NodeAvailability.UP : NodeAvailability.DOWN, DirectoryOwner.OURS, isUp, Map.of(), ""),
                HostFiles.Files.UNKNOWN,
                new ServerReply(
                        hello,
                        LOGIN,
                        MongoDocument.EMPTY,
                        MongoDocument.EMPTY,
                        "",
                        MongoDocument.EMPTY,
                        true,
                        MongoDocument.EMPTY,
                        "8.2.0",
                        ""));
    }

    private BackupSteps steps() {
        List<ReplicaSetState> sets = cluster.allSets().stream()
                .map(s -> ReplicaSetState.of(
                        s,
                        java.util.stream.IntStream.range(0, s.members().size())
                                .mapToObj(i -> server(s, i))
                                .toList(),
                        List.of()))
                .toList();
        ShardingState sharding = new ShardingState(
                "5f", List.of(new MongoDocument(Map.of("_id", "shard-a"))), balancer, MongoDocument.EMPTY, List.of());
        MongoState mongo = new MongoState(
                AT,
                Wanted.estate(cluster),
                cluster,
                sets,
                List.of(),
                sharding,
                List.of(),
                Map.of(),
                List.of(),
                InstalledVersions.UNASKED);
        BackupRepository repository =
                new BackupRepository("/b", "/b/mongodb/e/c", Optional.empty(), Duration.ofSeconds(60), keep);
        RepositoryState repositoryState = new RepositoryState(
                repository,
                cluster.allSets().stream()
                        .map(s -> new ReplicaSetInventory(
                                s.name(),
                                copies.getOrDefault(s.name(), List.of()),
                                OplogChain.of(slices),
                                archived,
                                List.of(),
                                List.of()))
                        .toList(),
                0,
                Optional.empty(),
                noted,
                "");
        Map<NodeState, ClusterTime> found = sets.stream()
                .flatMap(s -> s.members().stream())
                .filter(m -> locked.containsKey(m.node().id()))
                .collect(Collectors.toMap(m -> m, m -> locked.get(m.node().id())));
        RepositoryMount mount = new RepositoryMount("", false, 0, 0);
        return new BackupSteps(
                Wanted.estate(cluster),
                cluster,
                repository,
                new BackupState(mongo, repositoryState, "8.2", Map.of("shop.orders", "u-1"), found, mount, Map.of()),
                LABEL);
    }

    private static MemberBackup copy(String set, String label, long top) {
        return MemberBackup.of(
                set,
                label,
                List.of(
                        List.of("top", new ClusterTime(top, 1).toString()),
                        List.of("bytes", "7"),
                        List.of("sha256", SUM),
                        List.of("archive", "data.tar.zst")),
                Optional.of(7L));
    }

    private static Step only(Plan plan) {
        assertThat(plan.steps()).hasSize(1);
        return plan.steps().get(0);
    }

    private static List<String> said(List<dev.holdfast.execution.Action> actions) {
        return actions.stream()
                .map(a -> a.host().name() + " " + a.script().file().replace("mongodb/", ""))
                .toList();
    }

    @Test
    void a_secondary_is_locked_and_what_unlocks_it_is_said_even_when_the_lock_fails() {
        Step lock = only(steps().lock(set("rs")));
        assertThat(said(lock.actions())).containsExactly("c1 backup-guard-start.sh", "c1 backup-lock.json");
        assertThat(said(lock.revert())).containsExactly("c1 backup-unlock.json", "c1 backup-guard-stop.sh");
        assertThat(lock.risk()).isEqualTo(Step.Risk.NONE);
    }

    @Test
    void the_only_member_with_data_is_locked_as_a_pause_of_writes() {
        down.addAll(List.of("social/rs/b1", "social/rs/c1"));
        Step lock = only(steps().lock(set("rs")));
        assertThat(said(lock.actions())).startsWith("a1 backup-guard-start.sh");
        assertThat(lock.risk()).isEqualTo(Step.Risk.PAUSE);
    }

    @Test
    void a_set_that_is_copied_or_locked_already_is_not_locked_again() {
        locked.put("social/rs/b1", TOP);
        assertThat(steps().lock(set("rs")).steps()).isEmpty();
        locked.clear();
        copies.put("rs", List.of(copy("rs", LABEL, 10)));
        assertThat(steps().lock(set("rs")).steps()).isEmpty();
    }

    @Test
    void only_a_locked_member_is_copied_and_it_is_unlocked_before_the_copy_is_sealed() {
        assertThat(steps().copy(set("rs")).steps()).isEmpty();
        locked.put("social/rs/b1", TOP);
        Step copy = only(steps().copy(set("rs")));
        assertThat(said(copy.actions()))
                .containsExactly(
                        "b1 backup-copy.sh", "b1 backup-unlock.json", "b1 backup-guard-stop.sh", "b1 backup-finish.sh");
        assertThat(said(copy.revert())).containsExactly("b1 backup-unlock.json", "b1 backup-guard-stop.sh");
        assertThat(copy.actions().get(0).script().values()).containsEntry("target", "/b/mongodb/e/c/rs/base/" + LABEL);
        assertThat(copy.actions()
                        .get(3)
                        .script()
                        .values()
                        .get("facts")
                        .toString()
                        .lines())
                .contains(
                        "set\trs",
                        "member\tsocial/rs/b1",
                        "started\t" + AT.getEpochSecond(),
                        "top\t" + TOP,
                        "version\t8.2.0",
                        "compatibility\t8.2",
                        "members\ta1:27017 b1:27017 c1:27017",
                        "shard\tshard-a",
                        "collection\tshop.orders\tu-1");
    }

    @Test
    void a_backup_counts_when_its_manifest_is_complete_and_no_member_is_locked() {
        locked.put("social/rs/b1", TOP);
        Step copy = only(steps().copy(set("rs")));
        boolean[] isLocked = {true};
        FakeWorld world = new FakeWorld()
                .with((action, now) -> action.script().file().equals("mongodb/locked.json")
                        ? ActionResult.ok(List.of(Map.of("fsyncLock", isLocked[0])))
                        : ActionResult.ok(""));
        assertThat(copy.until().look().at(world).holds()).isFalse();
        isLocked[0] = false;
        assertThat(copy.until().look().at(world).holds())
                .as("the repository shows no copy")
                .isFalse();
    }

    @Test
    void members_that_a_killed_run_left_locked_are_unlocked() {
        locked.put("social/rs/b1", TOP);
        Step unlock = only(steps().unlockLeft());
        assertThat(unlock.lane()).isEqualTo("social/rs/b1");
        assertThat(said(unlock.actions())).containsExactly("b1 backup-unlock.json", "b1 backup-guard-stop.sh");
        FakeWorld world = new FakeWorld().with((action, now) -> ActionResult.ok(List.of(Map.of("fsyncLock", true))));
        assertThat(unlock.until().look().at(world).holds()).isFalse();
    }

    @Test
    void the_balancer_is_noted_before_it_is_stopped_and_turned_on_again_only_when_noted() {
        assertThat(steps().stopBalancer().steps()).as("no sharded cluster").isEmpty();
        cluster = Wanted.sharded();
        Step stop = only(steps().stopBalancer());
        assertThat(said(stop.actions())).containsExactly("here repository-write-note.sh", "a1 balancer-stop.json");
        assertThat(steps().startBalancer().steps()).isEmpty();
        noted = true;
        Step start = only(steps().startBalancer());
        assertThat(said(start.actions())).containsExactly("a1 balancer-start.json", "here repository-remove-note.sh");
        balancer = false;
        assertThat(steps().stopBalancer().steps())
                .as("somebody else has turned it off")
                .isEmpty();
    }

    @Test
    void the_balancer_is_at_rest_only_when_no_round_is_under_way() {
        cluster = Wanted.sharded();
        Step stop = only(steps().stopBalancer());
        Map<String, Object> status = new HashMap<>(Map.of("mode", "off", "inBalancerRound", true));
        FakeWorld world = new FakeWorld().with((action, now) -> ActionResult.ok(List.of(status)));
        assertThat(stop.until().look().at(world).holds()).isFalse();
        status.put("inBalancerRound", false);
        assertThat(stop.until().look().at(world).holds()).isTrue();
        FakeWorld silent = new FakeWorld().with((action, now) -> ActionResult.silent("no answer"));
        assertThat(stop.until().look().at(silent).holds()).isFalse();
    }

    @Test
    void the_archive_is_awaited_only_while_it_can_still_reach_the_backup() {
        long end = AT.getEpochSecond() - 60;
        copies.put("rs", List.of(copy("rs", LABEL, end)));
        assertThat(steps().archived().notes())
                .containsExactly("social/rs: no archiver runs, so the backup has no recovery target yet;"
                        + " run holdfast backup archive");
        archived = Optional.of(new ReplicaSetInventory.Archived(new ClusterTime(end - 10, 1), AT.minusSeconds(2)));
        slices = List.of(slice(end - 100, end - 10));
        assertThat(only(steps().archived()).title()).isEqualTo("Wait until the archive reaches the backup");
        slices = List.of(slice(end - 100, end + 1));
        assertThat(steps().archived()).isEqualTo(Plan.NOTHING);
    }

    @Test
    void an_archive_that_begins_after_the_backup_is_not_awaited() {
        long end = AT.getEpochSecond() - 60;
        copies.put("rs", List.of(copy("rs", LABEL, end)));
        archived = Optional.of(new ReplicaSetInventory.Archived(new ClusterTime(end + 20, 1), AT.minusSeconds(2)));
        slices = List.of(slice(end - 100, end - 50), slice(end + 2, end + 20));
        Plan plan = steps().archived();
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.open()).singleElement().satisfies(o -> {
            assertThat(o.what())
                    .isEqualTo("the backup ends at " + new ClusterTime(end, 1) + ", and the archive begins at "
                            + new ClusterTime(end + 2, 1) + ", so the backup has no recovery target");
            assertThat(o.hint()).startsWith("holdfast backup run social --kind full");
        });
    }

    private static OplogSlice slice(long first, long last) {
        return new OplogSlice("slice", new ClusterTime(first, 1), new ClusterTime(last, 1), 1, false);
    }

    @Test
    void the_repository_is_made_once() {
        Step make = only(steps().ready());
        assertThat(said(make.actions())).containsExactly("here repository-create.sh");
        assertThat(make.actions().get(0).script().values()).containsEntry("mark", "estate social " + LABEL);
    }

    @Test
    void what_is_older_than_the_kept_time_is_forgotten_and_nothing_without_one() {
        long day = Duration.ofDays(1).toSeconds();
        long now = AT.getEpochSecond();
        copies.put(
                "rs",
                List.of(
                        copy("rs", "20251223T000000Z", now - 9 * day),
                        copy("rs", "20251224T000000Z", now - 8 * day),
                        copy("rs", LABEL, now)));
        assertThat(steps().expire().steps()).isEmpty();
        keep = Optional.of(Duration.ofDays(7));
        Step forget = only(steps().expire());
        assertThat(said(forget.actions())).containsExactly("here repository-expire.sh");
        assertThat(forget.actions().get(0).script().values())
                .containsEntry("pieces", List.of("rs/base/20251223T000000Z"));
    }
}
