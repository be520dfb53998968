package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.engine.ScratchInstances;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.plan.RunbookRunner;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.restore.DiscardRunbook;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.RepositoryServerState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Proxy;
import dev.holdfast.world.FakeOutput;
import dev.holdfast.world.FakeWorld;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A host answers one question and not another one: its nodes are unreachable, and nothing is read into the silence. */
@Tag("unit")
class MissingAnswersTest {

    private final Trio trio = new Trio();

    private Bank applied() {
        trio.poolers.add("b1");
        return Bank.applied(trio);
    }

    private static void isLeftAlone(Bank bank, String where) {
        assertThat(bank.titles()).isEmpty();
        assertThat(bank.refusals()).isEmpty();
        assertThat(missing(bank.plans()))
                .anySatisfy(m -> assertThat(m)
                        .startsWith(where + ": the host ")
                        .contains("does not answer, so this node stays unchanged")
                        .contains(FakeWorld.TRUNCATED));
        assertThat(bank.apply().exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(bank.world.changes()).isEmpty();
    }

    private static List<String> missing(List<Plan> plans) {
        return plans.stream()
                .flatMap(p -> p.missing().stream())
                .map(m -> m.where() + ": " + m.what())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "a1, haproxy/look.sh, payments/proxies/a1",
        "b1, pgbouncer/look.sh, payments/poolers/b1",
        "b1, pgbouncer/userlist-look.sh, payments/poolers/b1",
        "b1, postgres/look.sh, payments/servers/b1",
        "b1, postgres/pgpass-look.sh, payments/servers/b1",
        "a1, host/look.sh, payments/proxies/a1"
    })
    void the_node_is_left_alone_and_the_plan_ends_as_for_an_unreachable_host(String host, String script, String node) {
        Bank bank = applied();
        bank.world.unanswered(host, script);
        isLeftAlone(bank, node);
    }

    @Test
    void a_proxy_that_its_host_does_not_describe_is_neither_missing_nor_without_routes() {
        Bank bank = applied();
        bank.world.unanswered("a1", "haproxy/look.sh");
        NodeStatus proxy = bank.look().nodes().stream()
                .filter(n -> n.node().id().equals("payments/proxies/a1"))
                .findFirst()
                .orElseThrow();
        assertThat(proxy.state()).isEqualTo(NodeAvailability.SILENT);
        assertThat(bank.look().problems())
                .anySatisfy(c -> assertThat(c)
                        .contains("the proxy on a1 does not answer")
                        .contains(FakeWorld.TRUNCATED));
    }

    @Test
    void a_stopped_server_whose_folder_is_not_described_is_not_started() {
        Bank bank = applied();
        bank.at("d1").up = false;
        bank.at("d1").marks.put("fence", "failover 1 b1 2026-01-01T00:00:00Z");
        bank.world.unanswered("d1", "postgres/look.sh");
        isLeftAlone(bank, "payments/servers/d1");
    }

    @Test
    void a_server_of_the_repository_that_is_not_described_is_out_of_reach() {
        Node node =
                new Trio().repositoryServers("v1").cluster().repositoryServers().get(0);
        HostFacts up = new HostFacts(NodeAvailability.UP, DirectoryOwner.OURS, true, Map.of(), "");
        RepositoryServerState state = RepositoryServerState.of(node, up, ScriptAnswer.silent(FakeWorld.TRUNCATED));
        assertThat(state.isOutOfReach()).isTrue();
        assertThat(state.hostFacts().reason()).contains(FakeWorld.TRUNCATED);
    }

    @Test
    void archiving_of_which_nothing_is_known_is_left_as_it_is() {
        Bank bank = applied();
        trio.repository = Optional.of(Trio.weekly());
        List.of("a1", "b1", "d1").forEach(h -> bank.world.unanswered(h, "postgres/archive-look.sh"));
        assertThat(bank.titles()).noneMatch(t -> t.startsWith("Make the repository") || t.startsWith("Give the"));
        assertThat(missing(bank.plans()))
                .contains(
                        "payments/servers/a1: Holdfast does not know whether a1 reaches the repository, so Holdfast does "
                                + "not change the archiving: no answer: " + FakeWorld.TRUNCATED);
    }

    private static void doesNotHold(Condition condition, Bank bank) {
        Condition.ProbeResult before = condition.look().at(bank.world);
        assertThat(before.holds()).as(condition.description()).isFalse();
        assertThat(before.observed()).contains(FakeWorld.TRUNCATED);
    }

    @Test
    void no_step_is_done_because_its_host_does_not_answer() {
        Bank bank = applied();
        PostgresCluster cluster = trio.cluster();
        MemberConditions conditions = new MemberConditions(new ClusterProbe(trio.estate(), cluster));
        Proxy pooler = cluster.poolers().get(0);
        Condition knows = conditions.knowsPasswords(Trio.server("b1"));
        Condition kept = conditions.keptPooler(pooler, p -> Optional.empty());
        assertThat(knows.look().at(bank.world).holds()).isTrue();
        assertThat(kept.look().at(bank.world).holds()).isTrue();
        bank.world.unanswered("b1", "postgres/pgpass-look.sh").unanswered("b1", "pgbouncer/userlist-look.sh");
        doesNotHold(knows, bank);
        doesNotHold(kept, bank);
    }

    @Test
    void no_proxy_is_closed_and_no_client_waits_because_a_host_does_not_answer() {
        Bank bank = applied();
        PostgresCluster cluster = trio.cluster();
        RoleChangeConditions conditions = new RoleChangeConditions(
                new RoleChangeProbe(trio.estate(), cluster), new RoleChangeActions(trio.estate(), cluster));
        bank.world.unanswered("a1", "postgres/rolechange-look.sh").unanswered("b1", "postgres/rolechange-look.sh");
        doesNotHold(conditions.route(cluster.haproxies(), List.of()), bank);
        doesNotHold(conditions.areStill(cluster, cluster.poolers()), bank);
    }

    /** What is not understood is unknown: a stopped server is neither DOWN nor without data. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "host/look.sh     | \"process\":\"down\" | \"process\":\"zombie\" | process is \"zombie\"",
                "host/look.sh     | ,\"port\":\"free\"  | ``                          | node lacks the field port",
                "host/look.sh     | \"t\":\"end\"       | \"t\":\"en               | truncated output",
                "postgres/look.sh | \"role\":\"standby\" | \"role\":\"witness\"   | role is \"witness\"",
                "postgres/look.sh | \"t\":\"control\"   | \"t\":\"controls\"      | unknown type \"controls\"",
                "postgres/look.sh | \"t\":\"end\"       | \"t\":\"en               | truncated output"
            })
    void an_answer_that_is_not_understood_makes_the_host_unreachable(
            String script, String was, String now, String why) {
        Bank bank = applied();
        bank.at("d1").up = false;
        bank.world.garbled("d1", script, text -> {
            assertThat(text).contains(was);
            return text.replace(was, now);
        });
        NodeStatus server = bank.look().nodes().stream()
                .filter(n -> n.node().id().equals("payments/servers/d1"))
                .findFirst()
                .orElseThrow();
        assertThat(server.state()).isEqualTo(NodeAvailability.SILENT);
        assertThat(bank.titles()).isEmpty();
        assertThat(missing(bank.plans()))
                .anySatisfy(m -> assertThat(m)
                        .startsWith("payments/servers/d1: the host ")
                        .contains("put of " + script)
                        .contains(why));
    }

    @ParameterizedTest
    @CsvSource({"down, zombie", "end, en", "free, maybe"})
    void a_role_change_does_not_take_an_answer_that_is_not_understood_for_a_stopped_server(String was, String now) {
        Bank bank = applied();
        bank.at("d1").up = false;
        RoleChangeProbe probe = new RoleChangeProbe(trio.estate(), trio.cluster());
        assertThat(probe.look(bank.world).member("d1").orElseThrow().isDown()).isTrue();
        bank.world.garbled(
                "d1", "postgres/rolechange-look.sh", text -> text.replace("\"" + was + "\"", "\"" + now + "\""));
        MemberState member = probe.look(bank.world).member("d1").orElseThrow();
        assertThat(member.state()).isEqualTo(NodeAvailability.SILENT);
        assertThat(member.isOutOfReach()).isTrue();
        assertThat(member.hasDatabase()).isFalse();
        assertThat(member.hostTrouble()).contains("put of postgres/rolechange-look.sh");
    }

    private static ActionResult nothingIsThere(Action action) {
        return switch (action.script().file()) {
            case "host/marked-look.sh" -> new FakeOutput("host/marked-look.sh").answer();
            case "host/look.sh" -> {
                FakeOutput output = new FakeOutput("host/look.sh");
                FakePostgres.each(
                        action.script().values(),
                        f -> output.record(
                                "node", "id", f[0], "process", "down", "pid", "", "owner", "absent", "port", "free",
                                "reason", ""));
                yield output.answer();
            }
            default -> null;
        };
    }

    private static RunbookOutcome run(FakeWorld world, Runbook<?> runbook) {
        return new RunbookRunner(world, (kind, facts) -> {}, world.now().plusSeconds(600))
                .run(List.of(runbook))
                .get(0);
    }

    @Test
    void restored_servers_on_a_host_that_does_not_answer_are_not_gone() {
        FakeWorld world = new FakeWorld().with((action, now) -> nothingIsThere(action));
        assertThat(run(world, DiscardRunbook.everything(trio.estate(), trio.cluster()))
                        .isDone())
                .isTrue();
        assertThat(run(world, new PostgresEngine().discard(trio.estate(), trio.cluster(), "x"))
                        .isDone())
                .isTrue();
        world.unanswered("b1", "host/marked-look.sh").unanswered("b1", "host/look.sh");
        RunbookOutcome all = run(world, DiscardRunbook.everything(trio.estate(), trio.cluster()));
        assertThat(all.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(all.missing())
                .singleElement()
                .satisfies(m -> assertThat(m.what())
                        .startsWith("host b1 does not answer")
                        .contains(FakeWorld.TRUNCATED));
        RunbookOutcome one = run(world, new PostgresEngine().discard(trio.estate(), trio.cluster(), "x"));
        assertThat(one.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(one.missing())
                .singleElement()
                .satisfies(m -> assertThat(m.what()).contains("the host b1 does not answer"));
        ScratchInstances.Labels labels = new PostgresEngine().labels(world, trio.estate(), trio.cluster());
        assertThat(labels.labels()).isEmpty();
        assertThat(labels.unreached()).containsOnlyKeys("b1");
    }
}
