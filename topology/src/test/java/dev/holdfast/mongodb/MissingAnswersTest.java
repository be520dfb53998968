package dev.holdfast.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.probe.ClusterProbe;
import dev.holdfast.mongodb.restore.DestroyRunbook;
import dev.holdfast.mongodb.rolechange.FailoverOperation;
import dev.holdfast.mongodb.rolechange.RejoinOperation;
import dev.holdfast.mongodb.state.MemberDirectoryState;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.plan.RunbookRunner;
import dev.holdfast.plan.Step;
import dev.holdfast.world.FakeOutput;
import dev.holdfast.world.FakeWorld;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A host answers one question and not another one: its nodes are unreachable, and nothing is read into the silence. */
@Tag("unit")
class MissingAnswersTest {

    private final FakeEstate estate = new FakeEstate();
    private final MongoCluster cluster = Wanted.replicaSet("a1", "b1", "c1");

    private static List<String> missing(List<Runbook.Planned> planned) {
        return planned.stream()
                .flatMap(p -> p.plan().missing().stream())
                .map(m -> m.where() + ": " + m.what())
                .toList();
    }

    private static RunbookOutcome run(FakeWorld world, Runbook<?> runbook) {
        return new RunbookRunner(world, (kind, facts) -> {}, world.now().plusSeconds(600))
                .run(List.of(runbook))
                .get(0);
    }

    private static RoleChangeRequest request(String... overrides) {
        return new RoleChangeRequest("", Optional.empty(), true, Set.of(overrides));
    }

    private static void doesNotHold(Condition condition, FakeWorld world) {
        assertThat(condition.look().at(world).holds())
                .as(condition.description())
                .isFalse();
    }

    @Test
    void a_stopped_server_whose_files_are_not_described_is_not_started() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        estate.mongo.kill("c1:27017");
        assertThat(estate.titles(cluster)).anyMatch(t -> t.startsWith("Start mongod"));
        estate.world.unanswered("c1", "mongodb/node-files.sh");
        estate.world.forget();
        assertThat(estate.titles(cluster)).noneMatch(t -> t.startsWith("Start mongod"));
        assertThat(missing(estate.plan(cluster)))
                .anySatisfy(m -> assertThat(m)
                        .startsWith("social/rs/c1: the host c1 does not answer")
                        .contains(FakeWorld.TRUNCATED));
        assertThat(estate.apply(cluster).exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(estate.world.changes()).isEmpty();
    }

    @Test
    void a_directory_that_is_not_described_is_neither_unfenced_nor_without_rollbacks() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        Node node = cluster.nodes().get(2);
        assertThat(MemberDirectoryState.look(estate.world, List.of(node))
                        .get(node)
                        .trouble())
                .isEmpty();
        Operation<?> rejoin = RejoinOperation.of(
                Wanted.estate(cluster), cluster, new RoleChangeRequest("", Optional.of("c1"), false, Set.of()));
        assertThat(rejoin.decide(estate.world).refusal()).isEmpty();
        estate.world.unanswered("c1", "mongodb/member-records.sh");
        assertThat(MemberDirectoryState.look(estate.world, List.of(node))
                        .get(node)
                        .trouble())
                .contains(FakeWorld.TRUNCATED);
        assertThat(rejoin.decide(estate.world).refusal()).hasValueSatisfying(r -> {
            assertThat(r.exit()).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(r.what()).contains(FakeWorld.TRUNCATED);
        });
    }

    @Test
    void nothing_is_forced_where_earlier_failovers_of_a_survivor_are_not_known() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        for (String member : List.of("a1:27017", "b1:27017")) {
            estate.mongo.at(member).frozen = true;
            estate.mongo.at(member).set.up.remove(member);
        }
        estate.mongo.at("c1:27017").set.primary = "";
        estate.world.unanswered("c1", "mongodb/member-records.sh");
        estate.world.forget();
        RunbookOutcome outcome = run(
                estate.world,
                FailoverOperation.of(Wanted.estate(cluster), cluster, request("others-silent"))
                        .runbook());
        assertThat(outcome.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(outcome.refusals()).singleElement().satisfies(r -> {
            assertThat(r.where()).isEqualTo("social/rs/c1");
            assertThat(r.what()).contains(FakeWorld.TRUNCATED);
        });
        assertThat(estate.world.changes()).isEmpty();
    }

    @Test
    void a_process_has_not_ended_because_its_host_does_not_answer() {
        MongoCluster sharded = Wanted.sharded();
        assertThat(estate.apply(sharded).isDone()).isTrue();
        Step stop = estate.plan(Wanted.withoutRouter(sharded, "b1")).stream()
                .flatMap(p -> p.plan().steps().stream())
                .filter(s -> s.title().equals("Stop social/routers/b1"))
                .findFirst()
                .orElseThrow();
        doesNotHold(stop.until(), estate.world);
        estate.world.unanswered("b1", "mongodb/node-files.sh");
        doesNotHold(stop.until(), estate.world);
    }

    @Test
    void a_server_is_not_removed_because_its_host_does_not_answer() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        List<Plan> plans = DestroyRunbook.of(Wanted.estate(cluster), cluster).plan(estate.world).stream()
                .map(Runbook.Planned::plan)
                .toList();
        Step remove = plans.get(0).steps().get(0);
        estate.world.unanswered(remove.lane().substring(remove.lane().lastIndexOf('/') + 1), "host/look.sh");
        doesNotHold(remove.until(), estate.world);
    }

    @Test
    void restored_servers_on_a_host_that_does_not_answer_are_not_gone() {
        FakeWorld world = new FakeWorld()
                .with((action, now) -> new FakeOutput(action.script().file()).answer());
        assertThat(run(world, DestroyRunbook.sideBySide(Wanted.estate(cluster), cluster))
                        .isDone())
                .isTrue();
        world.unanswered("b1", "host/marked-look.sh");
        RunbookOutcome outcome = run(world, DestroyRunbook.sideBySide(Wanted.estate(cluster), cluster));
        assertThat(outcome.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(outcome.missing())
                .singleElement()
                .satisfies(m ->
                        assertThat(m.what()).contains("host b1 does not answer").contains(FakeWorld.TRUNCATED));
    }

    private List<Runbook.Planned> backups(MongoCluster sharded) {
        return new MongoEngine().schedule(Wanted.estate(sharded), sharded).plan(estate.world);
    }

    @Test
    void backups_are_not_compared_while_a_primary_stays_silent() {
        MongoCluster sharded = Wanted.backedUp(Wanted.sharded());
        assertThat(estate.apply(sharded).isDone()).isTrue();
        estate.world.with((action, now) -> new FakeOutput(action.script().file()).answer());
        assertThat(missing(backups(sharded))).isEmpty();
        estate.mongo.at("a1:27018").frozen = true;
        assertThat(missing(backups(sharded)))
                .containsExactly("social: the base backups were not compared with the declared schedule, because"
                        + " shard-a/a1 does not answer and no other member is primary");
        assertThat(run(estate.world, new MongoEngine().schedule(Wanted.estate(sharded), sharded))
                        .exit())
                .isEqualTo(ExitCode.UNREACHABLE);
        estate.mongo.at("a1:27018").frozen = false;
        sharded.sets().get(0).nodes().forEach(n -> estate.mongo.kill(n.endpoint()));
        assertThat(missing(backups(sharded)))
                .as("stopped servers are started by apply, which compares then")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "host/look.sh, down, zombie",
        "host/look.sh, end, en",
        "mongodb/node-files.sh, there, perhaps",
        "mongodb/node-files.sh, end, en"
    })
    void a_stopped_server_whose_host_is_not_understood_is_not_down(String script, String was, String now) {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        String host = cluster.nodes().get(0).host().name();
        estate.mongo.kill(cluster.nodes().get(0).endpoint());
        estate.world.garbled(host, script, text -> {
            assertThat(text).contains("\"" + was + "\"");
            return text.replace("\"" + was + "\"", "\"" + now + "\"");
        });
        assertThat(ClusterProbe.at(estate.world, Wanted.estate(cluster), cluster).nodes().stream()
                        .filter(n -> n.node().equals(cluster.nodes().get(0)))
                        .map(NodeStatus::state))
                .containsExactly(NodeAvailability.SILENT);
    }

    @Test
    void a_server_that_only_this_machine_does_not_reach_differs_from_one_that_is_down() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        estate.mongo.at("b1:27017").frozen = true;
        estate.world.forget();
        assertThat(ClusterProbe.at(estate.world, Wanted.estate(cluster), cluster)
                        .problems())
                .anySatisfy(c -> assertThat(c.toString())
                        .contains("the host reports that the server runs and listens on b1:27017; from here: ")
                        .contains("a firewall or a route blocks this machine"));
    }
}
