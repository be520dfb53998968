package dev.holdfast.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ExitCode;
import dev.holdfast.model.SecretRef;
import dev.holdfast.mongodb.state.ReplicaSetConfig;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.User;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.plan.Step;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ProvisionTest {

    private final FakeEstate estate = new FakeEstate();
    private final FakeMongo mongo = estate.mongo;
    private final MongoCluster cluster = Wanted.sharded();

    private static void isDone(RunbookOutcome outcome) {
        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.refusals()).isEmpty();
        assertThat(outcome.exit()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void empty_hosts_become_a_sharded_cluster_and_a_second_apply_changes_nothing() {
        isDone(estate.apply(cluster));
        assertThat(mongo.initiated).isEqualTo(3);
        assertThat(mongo.shards).extracting(s -> s.get("_id")).containsExactly("shard-a", "shard-b");
        assertThat(mongo.at("a1:27019").set.users).containsOnlyKeys("holdfast", "app");
        assertThat(mongo.at("a2:27020").set.users).containsOnlyKeys("holdfast");

        estate.world.forget();
        RunbookOutcome again = estate.apply(cluster);
        isDone(again);
        assertThat(again.steps()).isZero();
        assertThat(estate.world.changes()).isEmpty();
    }

    @Test
    void the_plan_of_empty_hosts_reports_everything_to_the_last_shard() {
        assertThat(estate.titles(cluster))
                .contains(
                        "Start mongod social/config/a1 on a1:27019",
                        "Initiate replica set shard-b with a2, b2, c1",
                        "Create user app on config",
                        "Verify shard-b before addShard",
                        "Add shard shard-b",
                        "Wait until all members of shard-b are healthy")
                .hasSize(31);
        assertThat(estate.world.changes()).isEmpty();
    }

    @Test
    void the_same_observation_gives_the_same_plan() {
        List<Runbook.Planned> first = estate.plan(cluster);
        List<Runbook.Planned> second = new FakeEstate().plan(Wanted.sharded());
        assertThat(description(first)).isEqualTo(description(second));
    }

    private static String description(List<Runbook.Planned> plans) {
        StringBuilder text = new StringBuilder();
        plans.forEach(p -> p.plan()
                .steps()
                .forEach(s -> text.append(s.lane())
                        .append(s.title())
                        .append(s.because())
                        .append(s.actions())
                        .append(s.until().description())
                        .append('\n')));
        return text.toString();
    }

    @Test
    void a_cli_killed_before_any_of_its_changes_is_made_good_by_the_next_apply() {
        int changes = 0;
        while (true) {
            FakeEstate affected = new FakeEstate();
            boolean killed = affected.applyKilledAfter(changes, cluster);
            isDone(affected.apply(cluster));
            assertThat(affected.mongo.initiated)
                    .as("initiated, killed after %s", changes)
                    .isEqualTo(3);
            assertThat(affected.mongo.shards).hasSize(2);
            assertThat(affected.mongo.balancer).isTrue();
            assertThat(affected.titles(cluster)).isEmpty();
            if (!killed) {
                break;
            }
            changes++;
        }
        assertThat(changes).isGreaterThan(20);
    }

    @Test
    void a_stopped_server_is_started_and_what_follows_is_decided_when_it_answers() {
        isDone(estate.apply(cluster));
        List.of("a1:27019", "b1:27019", "c1:27019").forEach(mongo::kill);
        assertThat(estate.titles(cluster))
                .containsExactly(
                        "Start mongod social/config/a1 on a1:27019",
                        "Start mongod social/config/b1 on b1:27019",
                        "Start mongod social/config/c1 on c1:27019",
                        "Wait until router social/routers/a1 answers",
                        "Wait until router social/routers/b1 answers",
                        "Wait until all members of config are healthy");
        assertThat(estate.notes(cluster))
                .contains("social/config: further changes are planned when its servers answer");
        isDone(estate.apply(cluster));
        assertThat(mongo.initiated).isEqualTo(3);
    }

    @Test
    void a_lost_primary_is_not_elected_by_us_but_waited_for() {
        isDone(estate.apply(cluster));
        mongo.kill("a1:27018");
        assertThat(estate.titles(cluster)).contains("Start mongod social/shard-a/a1 on a1:27018");
        isDone(estate.apply(cluster));
        assertThat(estate.titles(cluster)).isEmpty();
    }

    @Test
    void manual_drift_is_planned_as_exactly_what_differs() {
        isDone(estate.apply(cluster));
        mongo.balancer = false;
        FakeSet config = mongo.at("a1:27019").set;
        config.users.put("app", new FakeSet.User(new SecretRef("social/app"), java.util.Set.of("read@shop")));
        FakeSet shard = mongo.at("a1:27018").set;
        ReplicaSetConfig shape = ReplicaSetConfig.of(shard.config);
        MongoCluster preferred = Wanted.with(cluster, 1, m -> Wanted.priority(m, 3));
        shard.config =
                new MongoDocument(ReplicaSetConfig.of(preferred.sets().get(0)).over(shard.config, 5));
        assertThat(shape.members().get(1).priority()).isEqualTo(1);

        assertThat(estate.titles(cluster))
                .containsExactly("Update user app on config", "Reconfigure shard-a", "Turn the balancer on");
        isDone(estate.apply(cluster));
        assertThat(estate.titles(cluster)).isEmpty();
        assertThat(mongo.balancer).isTrue();
    }

    @Test
    void a_changed_password_is_found_by_trying_to_log_in() {
        isDone(estate.apply(cluster));
        MongoCluster changed = Wanted.users(cluster, new User("app", new SecretRef("new"), List.of("readWrite@shop")));
        assertThat(estate.titles(changed)).containsExactly("Update user app on config");
        isDone(estate.apply(changed));
        assertThat(estate.titles(changed)).isEmpty();
    }

    @Test
    void a_parameter_that_a_running_server_takes_up_needs_no_restart() {
        MongoCluster before = Wanted.settings(cluster, Map.of("setParameter.ttlMonitorSleepSecs", 60));
        isDone(estate.apply(before));
        MongoCluster after = Wanted.settings(cluster, Map.of("setParameter.ttlMonitorSleepSecs", 30));
        assertThat(estate.titles(after)).hasSize(9).allMatch(t -> t.startsWith("Set ttlMonitorSleepSecs on "));
        isDone(estate.apply(after));
        assertThat(estate.titles(after)).isEmpty();
    }

    @Test
    void other_settings_are_brought_in_by_a_rolling_restart_that_ends_with_the_primary() {
        MongoCluster set = Wanted.replicaSet("a1", "b1", "c1");
        isDone(estate.apply(set));
        MongoCluster after = Wanted.settings(set, Map.of("storage.wiredTiger.engineConfig.cacheSizeGB", 0.5));
        assertThat(estate.titles(after))
                .containsExactly(
                        "Restart social/rs/b1",
                        "Restart social/rs/c1",
                        "Step down a1 as primary",
                        "Elect b1 primary",
                        "Restart social/rs/a1");
        isDone(estate.apply(after));
        assertThat(estate.titles(after)).isEmpty();
    }

    @Test
    void members_that_run_as_root_are_restarted_as_their_own_user_the_primary_last() {
        MongoCluster set = Wanted.replicaSet("a1", "b1", "c1");
        isDone(estate.apply(set));
        mongo.servers.values().forEach(s -> s.user = "root");
        assertThat(estate.titles(set))
                .containsExactly(
                        "Restart social/rs/b1",
                        "Restart social/rs/c1",
                        "Step down a1 as primary",
                        "Elect b1 primary",
                        "Restart social/rs/a1");
        assertThat(estate.plan(set).stream()
                        .flatMap(p -> p.plan().steps().stream())
                        .filter(s -> s.title().startsWith("Restart "))
                        .map(Step::because))
                .hasSize(3)
                .containsOnly("the server runs as user root, desired mongodb");
        isDone(estate.apply(set));
        assertThat(mongo.servers.values()).allSatisfy(s -> assertThat(s.user).isEmpty());
        assertThat(estate.titles(set)).isEmpty();
    }

    @Test
    void a_rolling_restart_waits_until_the_set_is_whole() {
        MongoCluster set = Wanted.replicaSet("a1", "b1", "c1");
        isDone(estate.apply(set));
        mongo.kill("c1:27017");
        MongoCluster after = Wanted.settings(set, Map.of("storage.wiredTiger.engineConfig.cacheSizeGB", 0.5));
        assertThat(estate.titles(after))
                .containsExactly("Start mongod social/rs/c1 on c1:27017", "Wait until all members of rs are healthy");
        assertThat(estate.notes(after)).anyMatch(n -> n.contains("need a restart"));
    }

    @Test
    void three_voters_grow_to_five_one_at_a_time() {
        isDone(estate.apply(Wanted.replicaSet("a1", "b1", "c1")));
        MongoCluster five = Wanted.replicaSet("a1", "b1", "c1", "d1", "e1");
        assertThat(estate.titles(five))
                .contains("Start mongod social/rs/d1 on d1:27017", "Add d1:27017 to rs", "Add e1:27017 to rs");
        isDone(estate.apply(five));
        assertThat(mongo.at("a1:27017").set.hosts()).hasSize(5);
        assertThat(estate.titles(five)).isEmpty();
    }

    @Test
    void a_dead_member_leaves_before_its_successor_joins() {
        isDone(estate.apply(Wanted.replicaSet("a1", "b1", "c1")));
        mongo.kill("c1:27017");
        MongoCluster replaced = Wanted.replicaSet("a1", "b1", "d1");
        assertThat(estate.titles(replaced)).containsSequence("Remove c1:27017 from rs", "Add d1:27017 to rs");
        isDone(estate.apply(replaced));
        assertThat(mongo.at("a1:27017").set.hosts()).containsExactly("a1:27017", "b1:27017", "d1:27017");
    }

    @Test
    void a_living_member_leaves_after_its_successor_has_joined_and_its_process_is_ended() {
        isDone(estate.apply(Wanted.replicaSet("a1", "b1", "c1")));
        MongoCluster replaced = Wanted.replicaSet("a1", "b1", "d1");
        assertThat(estate.titles(replaced)).containsSequence("Add d1:27017 to rs", "Remove c1:27017 from rs");
        isDone(estate.apply(replaced));
        assertThat(mongo.at("a1:27017").set.hosts()).containsExactly("a1:27017", "b1:27017", "d1:27017");
        assertThat(mongo.at("c1:27017").up).isFalse();
        assertThat(estate.notes(replaced))
                .containsExactly("social/rs/c1 is no longer declared; its directory /h/c1/social/rs on c1 is kept");
    }

    @Test
    void a_primary_that_is_not_declared_steps_down_before_it_leaves() {
        isDone(estate.apply(Wanted.replicaSet("a1", "b1", "c1")));
        MongoCluster moved = Wanted.replicaSet("b1", "c1", "d1");
        assertThat(estate.titles(moved)).containsSequence("Add d1:27017 to rs", "Step down a1:27017 as primary of rs");
        isDone(estate.apply(moved));
        assertThat(mongo.at("b1:27017").set.hosts()).containsExactly("b1:27017", "c1:27017", "d1:27017");
    }

    @Test
    void a_primary_that_may_be_primary_no_more_steps_down_first() {
        MongoCluster set = Wanted.replicaSet("a1", "b1", "c1");
        isDone(estate.apply(set));
        MongoCluster passive = Wanted.with(set, 0, m -> Wanted.priority(m, 0));
        assertThat(estate.titles(passive)).containsExactly("Step down a1:27017 as primary of rs");
        isDone(estate.apply(passive));
        assertThat(estate.titles(passive)).isEmpty();
    }

    @Test
    void a_shard_that_is_not_declared_is_reported_and_left_alone() {
        isDone(estate.apply(cluster));
        mongo.shards.add(Map.of("_id", "old", "host", "old/x1:27018", "state", 1));
        assertThat(estate.titles(cluster)).isEmpty();
        assertThat(estate.notes(cluster)).anyMatch(n -> n.contains("shard old is not declared"));
    }

    @Test
    void destroy_leaves_no_server_and_nothing_to_do() {
        isDone(estate.apply(cluster));
        isDone(estate.destroy(cluster));
        assertThat(mongo.servers).isEmpty();
        assertThat(estate.destroy(cluster).steps()).isZero();
    }
}
