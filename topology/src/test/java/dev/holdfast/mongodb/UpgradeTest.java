package dev.holdfast.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.execution.Action;
import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookOutcome;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Another directory of binaries: the order in which the servers of a sharded cluster change their program. */
@Tag("unit")
class UpgradeTest {

    private static final String NEW = "/opt/new";

    private final FakeEstate estate = new FakeEstate();
    private final FakeMongo mongo = estate.mongo;
    private final MongoCluster cluster = Wanted.sharded();
    private final MongoCluster upgraded = Wanted.binaries(cluster, NEW);

    @BeforeEach
    void a_cluster_runs_an_older_program() {
        begin(estate);
    }

    private void begin(FakeEstate at) {
        assertThat(at.apply(cluster).exit()).isEqualTo(ExitCode.DONE);
        at.mongo.version = "8.0.4";
        at.mongo.installedVersion = "8.2.0";
        compatibility(at, "8.0");
        at.world.forget();
    }

    private static void compatibility(FakeEstate at, String version) {
        List.of("a1:27019", "a1:27018", "a2:27020")
                .forEach(e -> at.mongo.at(e).set.compatibility = Map.of("version", version));
    }

    private List<String> open() {
        return estate.plan(upgraded).stream()
                .flatMap(p -> p.plan().open().stream())
                .map(o -> o.where() + ": " + o.what())
                .toList();
    }

    private List<String> hints() {
        return estate.plan(upgraded).stream()
                .flatMap(p -> p.plan().refusals().stream())
                .map(Refusal::hint)
                .toList();
    }

    private static final List<String> ORDER = List.of(
            "Turn the balancer off",
            "Restart social/config/b1",
            "Restart social/config/c1",
            "Step down a1 as primary",
            "Elect b1 primary",
            "Restart social/config/a1",
            "Restart social/shard-a/b1",
            "Restart social/shard-a/c1",
            "Step down a1 as primary",
            "Elect b1 primary",
            "Restart social/shard-a/a1",
            "Restart social/shard-b/b2",
            "Restart social/shard-b/c1",
            "Step down a2 as primary",
            "Elect b2 primary",
            "Restart social/shard-b/a2",
            "Restart router social/routers/a1",
            "Restart router social/routers/b1",
            "Turn the balancer on");

    @Test
    void config_servers_come_first_then_one_shard_after_another_then_the_routers() {
        assertThat(estate.titles(upgraded)).isEqualTo(ORDER);
        assertThat(estate.notes(upgraded))
                .contains(
                        "social: the upgrade to 8.2.0 restarts one server after another, in the order config, shard-a,"
                                + " shard-b, the routers",
                        "social/config: one election, when primary a1 steps down as the last member",
                        "social/shard-a: one election, when primary a1 steps down as the last member",
                        "social/shard-b: one election, when primary a2 steps down as the last member");
    }

    private List<String> refusals(MongoCluster declared) {
        return estate.plan(declared).stream()
                .flatMap(p -> p.plan().refusals().stream())
                .map(r -> r.where() + ": " + r.what())
                .toList();
    }

    @Test
    void a_program_of_the_declared_version_is_upgraded_to_and_until_then_each_server_is_named() {
        MongoCluster declared = Wanted.version(upgraded, "8.2");
        assertThat(refusals(declared)).isEmpty();
        assertThat(estate.titles(declared)).isEqualTo(ORDER);
        assertThat(estate.state(declared).problems())
                .anyMatch(p -> p.contains("social/shard-a/b1: the server runs MongoDB 8.0.4, declared version 8.2"));
        assertThat(estate.apply(declared).exit()).isEqualTo(ExitCode.DONE);
        assertThat(estate.state(declared).problems()).noneMatch(p -> p.contains("declared version"));
    }

    @Test
    void a_program_of_another_version_than_the_declared_one_restarts_nothing() {
        MongoCluster declared = Wanted.version(upgraded, "8.0");
        assertThat(refusals(declared))
                .contains(
                        "social/shard-a/b1: MongoDB 8.2.0 in /bin//opt/new/mongod on b1 is not the declared version 8.0");
        assertThat(estate.apply(declared).exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(estate.world.changes()).isEmpty();
        assertThat(refusals(Wanted.version(upgraded, "8.2.1")))
                .contains(
                        "social/routers/a1: MongoDB 8.2.0 in /bin//opt/new/mongos on a1 is not the declared version 8.2.1");
        assertThat(refusals(Wanted.version(upgraded, "8"))).isEmpty();
    }

    @Test
    void a_new_cluster_is_not_created_with_programs_of_another_version() {
        FakeEstate empty = new FakeEstate();
        assertThat(empty.apply(Wanted.version(cluster, "8.0")).exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(empty.world.changes()).isEmpty();
        assertThat(empty.apply(Wanted.version(cluster, "8.2.0")).exit()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void what_was_planned_is_done_in_that_order_and_leaves_an_empty_plan() {
        long terms = terms();
        assertThat(estate.apply(upgraded).exit()).isEqualTo(ExitCode.DONE);
        assertThat(restarted(estate))
                .containsExactly(
                        "config/b1",
                        "config/c1",
                        "config/a1",
                        "shard-a/b1",
                        "shard-a/c1",
                        "shard-a/a1",
                        "shard-b/b2",
                        "shard-b/c1",
                        "shard-b/a2",
                        "routers/a1",
                        "routers/b1");
        assertThat(mongo.servers.values()).allSatisfy(s -> assertThat(s.program).startsWith(NEW + "/"));
        assertThat(terms() - terms).as("elections").isEqualTo(3);
        assertThat(mongo.balancer).isTrue();
        assertThat(estate.titles(upgraded)).isEmpty();
        assertThat(estate.notes(upgraded))
                .containsExactly("social: the feature compatibility version is 8.0, and the servers run 8.2; holdfast "
                        + "upgrade social --finish raises the version");
    }

    private long terms() {
        return List.of("a1:27019", "a1:27018", "a2:27020").stream()
                .mapToLong(e -> mongo.at(e).set.term())
                .sum();
    }

    private static List<String> restarted(FakeEstate at) {
        return at.world.changes().stream()
                .filter(a -> a.script().file().equals("mongodb/start.sh"))
                .map(a -> a.script().values().get("directory").toString())
                .map(d -> d.substring(d.lastIndexOf('/') + 1) + "/" + d.split("/")[2])
                .toList();
    }

    /** Killed before any of its changes, the next apply continues, and no set begins before those in front of it are done. */
    @Test
    void an_upgrade_that_is_killed_anywhere_continues_in_the_same_order() {
        int changes = 0;
        boolean killed = true;
        while (killed) {
            FakeEstate affected = new FakeEstate();
            begin(affected);
            killed = affected.applyKilledAfter(changes, upgraded);
            assertThat(affected.apply(upgraded).exit()).as("after %s", changes).isEqualTo(ExitCode.DONE);
            List<String> groups = restarted(affected).stream()
                    .map(r -> r.substring(0, r.indexOf('/')))
                    .distinct()
                    .toList();
            assertThat(groups).as("after %s", changes).containsExactly("config", "shard-a", "shard-b", "routers");
            assertThat(affected.mongo.servers.values())
                    .allSatisfy(s -> assertThat(s.program).startsWith(NEW + "/"));
            assertThat(affected.mongo.balancer).isTrue();
            assertThat(affected.titles(upgraded)).isEmpty();
            changes++;
        }
        assertThat(changes).isGreaterThan(25);
    }

    @Test
    void servers_with_several_programs_are_an_open_difference() {
        assertThat(open()).isEmpty();
        estate.applyKilledAfter(4, upgraded);
        assertThat(open())
                .singleElement()
                .satisfies(o -> assertThat(o)
                        .startsWith("social: the servers run several versions: 8.0.4 (config/a1, ")
                        .contains(", 8.2.0 (config/b1"));
        assertThat(mongo.balancer).isFalse();
        assertThat(estate.titles(upgraded))
                .as("the balancer stays off until the end")
                .doesNotContain("Turn the balancer off")
                .endsWith("Turn the balancer on")
                .containsOnlyOnce("Turn the balancer on");
    }

    @Test
    void the_same_version_under_two_paths_is_also_a_difference() {
        mongo.installedVersion = "8.0.4";
        estate.applyKilledAfter(4, upgraded);
        assertThat(open())
                .singleElement()
                .satisfies(o ->
                        assertThat(o).contains("of 11 servers run another program than the declared one: config/a1"));
    }

    @Test
    void a_set_with_a_defect_stops_the_upgrade_before_it_and_the_balancer_stays_off() {
        mongo.kill("b1:27018");
        mongo.at("b1:27018").fence = "a failover";
        assertThat(estate.titles(upgraded))
                .contains("Restart social/config/a1")
                .noneMatch(t -> t.startsWith("Restart social/shard-"));
        estate.apply(upgraded);
        assertThat(restarted(estate)).containsExactly("config/b1", "config/c1", "config/a1");
        assertThat(estate.notes(upgraded))
                .contains(
                        "social/shard-a: the upgrade waits until no member of shard-a is fenced",
                        "social: the balancer stays off until the upgrade has ended");
        assertThat(mongo.balancer).isFalse();
    }

    /** The config server on c1 cannot be compared, so that no shard begins. */
    @Test
    void a_host_that_does_not_answer_stops_the_upgrade() {
        mongo.silentHosts.add("c1");
        assertThat(estate.titles(upgraded)).isEmpty();
        assertThat(estate.notes(upgraded))
                .contains("social/config: the upgrade waits until every host of config answers");
    }

    @Test
    void options_of_sets_that_keep_their_program_are_restarted_as_before() {
        MongoCluster other = Wanted.settings(cluster, Map.of("storage.syncPeriodSecs", 30));
        mongo.version = "8.2.0";
        compatibility(estate, "8.2");
        assertThat(estate.plan(other).stream()
                        .filter(p -> !p.plan().steps().isEmpty())
                        .map(Runbook.Planned::stage))
                .containsExactly("options");
    }

    @Test
    void a_program_that_does_not_accept_the_compatibility_version_is_refused_before_anything_stops() {
        mongo.version = "7.0.14";
        compatibility(estate, "7.0");
        assertThat(estate.refusals(upgraded))
                .contains("social/config: mongod 8.2.0 does not start with the feature compatibility version 7.0;"
                        + " accepted: 8.0, 8.1, 8.2");
        assertThat(hints())
                .allMatch(h -> h.equals("upgrade one release after another: declare binaries of the release that "
                        + "follows 7.0 first"));
        assertThat(estate.apply(upgraded).exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(estate.world.changes()).isEmpty();
    }

    @Test
    void an_unfinished_upgrade_is_the_way_to_the_next_one() {
        compatibility(estate, "7.0");
        assertThat(hints())
                .isNotEmpty()
                .allMatch(h -> h.equals("declare the former binaries, run holdfast upgrade social --finish, then "
                        + "upgrade to 8.2.0"));
    }

    /** The answer of one shard is not that of the cluster. */
    @Test
    void one_shard_with_an_older_compatibility_version_is_enough_to_refuse() {
        mongo.at("a2:27020").set.compatibility = Map.of("version", "7.0");
        assertThat(estate.refusals(upgraded))
                .containsExactlyInAnyOrder(
                        "social/shard-b: mongod 8.2.0 does not start with the feature compatibility version 7.0;"
                                + " accepted: 8.0, 8.1, 8.2",
                        "social/shard-b: mongos 8.2.0 does not start with the feature compatibility version 7.0;"
                                + " accepted: 8.0, 8.1, 8.2");
    }

    @Test
    void an_older_program_is_refused_once_the_upgrade_is_finished() {
        mongo.version = "8.2.0";
        mongo.installedVersion = "8.0.4";
        compatibility(estate, "8.2");
        assertThat(hints())
                .isNotEmpty()
                .allMatch(h ->
                        h.equals("declare binaries of 8.2 or later; only a restore of an older backup returns to 8.0"));
    }

    @Test
    void before_that_the_way_back_is_open_and_the_plan_says_what_mongodb_supports() {
        mongo.version = "8.2.0";
        mongo.installedVersion = "8.0.4";
        assertThat(estate.titles(upgraded)).isEqualTo(ORDER);
        assertThat(estate.notes(upgraded))
                .contains("social: the declared program is of an older release; MongoDB does not support this without "
                        + "the help of its support");
    }

    @Test
    void no_program_is_replaced_while_the_compatibility_version_changes() {
        mongo.at("a1:27018").set.compatibility = Map.of("version", "8.0", "targetVersion", "8.2");
        assertThat(estate.refusals(upgraded))
                .contains("social/shard-a: the feature compatibility version changes (8.0->8.2), and mongod must not be"
                        + " replaced meanwhile");
    }

    @Test
    void a_program_that_reports_no_version_or_does_not_exist_is_refused() {
        mongo.installedVersion = "";
        assertThat(estate.refusals(upgraded))
                .contains("social/config/a1: /opt/new/mongod on host a1 does not report its version");
        mongo.installed = false;
        assertThat(estate.refusals(upgraded)).contains("social/config/a1: /opt/new/mongod is not found on host a1");
    }

    /** A shard gets its version when it is added, and its secondaries replicate that. */
    @Test
    void apply_waits_until_every_member_has_replicated_the_compatibility_version() {
        FakeEstate other = new FakeEstate();
        assertThat(other.apply(cluster).exit()).isEqualTo(ExitCode.DONE);
        other.mongo.at("b1:27018").oldCompatibility = 6;
        assertThat(other.titles(cluster))
                .containsExactly("Wait until all members of shard-a have feature compatibility version 8.2");
        RunbookOutcome applied = other.apply(cluster);
        assertThat(applied.exit()).as(applied.toString()).isEqualTo(ExitCode.DONE);
        assertThat(other.plan(cluster))
                .allSatisfy(p -> assertThat(p.plan().open()).isEmpty());
    }

    @Test
    void every_member_shows_its_compatibility_version() {
        mongo.at("a2:27020").set.compatibility = Map.of("version", "8.0", "targetVersion", "8.2");
        Map<String, Set<Object>> byGroup = estate.state(cluster).nodes().stream()
                .filter(n -> n.facts().containsKey("fcv"))
                .collect(Collectors.groupingBy(
                        n -> n.node().group(),
                        Collectors.mapping(n -> n.facts().get("fcv"), Collectors.toCollection(TreeSet::new))));
        assertThat(byGroup)
                .isEqualTo(Map.of("config", Set.of("8.0"), "shard-a", Set.of("8.0"), "shard-b", Set.of("8.0->8.2")));
    }

    @Test
    void a_primary_with_the_highest_priority_takes_its_role_back_and_the_plan_says_so() {
        MongoCluster preferred = Wanted.with(cluster, 0, m -> Wanted.priority(m, 2));
        assertThat(estate.apply(preferred).exit()).isEqualTo(ExitCode.DONE);
        assertThat(estate.notes(Wanted.binaries(preferred, NEW)))
                .contains("social/shard-a: one election, when primary a1 steps down as the last member; then a1 takes "
                        + "its role back by its priority, with a second election");
    }

    /** An arbiter accepts no login, so that nothing can be set on it before its restart. */
    @Test
    void an_arbiter_gets_the_new_program_too() {
        FakeEstate other = new FakeEstate();
        MongoCluster withArbiter = Wanted.with(cluster, 2, Wanted::arbiter);
        assertThat(other.apply(withArbiter).exit()).isEqualTo(ExitCode.DONE);
        other.mongo.installedVersion = "8.2.1";
        other.world.forget();
        MongoCluster after = Wanted.binaries(withArbiter, NEW);
        assertThat(other.apply(after).exit()).isEqualTo(ExitCode.DONE);
        assertThat(restarted(other)).containsSubsequence("shard-a/b1", "shard-a/c1", "shard-a/a1");
        assertThat(other.mongo.at("c1:27018").program).startsWith(NEW + "/");
        assertThat(other.titles(after)).isEmpty();
    }

    @Test
    void every_change_of_an_upgrade_is_a_restart_an_election_or_the_balancer() {
        assertThat(estate.apply(upgraded).exit()).isEqualTo(ExitCode.DONE);
        assertThat(estate.world.changes().stream().map(Action::script).map(s -> s.file()))
                .isSubsetOf(
                        "mongodb/start.sh",
                        "mongodb/set-parameter.json",
                        "mongodb/freeze.json",
                        "mongodb/step-aside.json",
                        "mongodb/step-up.json",
                        "mongodb/balancer-stop.json",
                        "mongodb/balancer-start.json");
    }
}
