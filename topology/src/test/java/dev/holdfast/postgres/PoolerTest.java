package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.SecretRef;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.proxy.PgBouncerPlanner;
import dev.holdfast.postgres.rolechange.FailoverOperation;
import dev.holdfast.postgres.rolechange.SwitchoverOperation;
import dev.holdfast.postgres.schema.ClientProfile;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.ProxyState;
import dev.holdfast.postgres.state.RoleChangeState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** PgBouncers are kept as declared, lead to the primary, and let their clients wait while it changes. */
@Tag("unit")
class PoolerTest {

    private final Trio trio = new Trio();
    private final Bank bank;

    PoolerTest() {
        trio.poolers.addAll(List.of("a1", "b1"));
        bank = Bank.applied(trio);
    }

    private FakePooler pooler(String name) {
        return bank.fake.poolers.get(Trio.pooler(name).directory());
    }

    private void repairs(String... titles) {
        assertThat(bank.titles()).containsExactlyInAnyOrder(titles);
        assertThat(bank.apply().failures()).isEmpty();
        assertThat(bank.titles()).isEmpty();
    }

    private static RoleChangeRequest request(String to) {
        return new RoleChangeRequest("servers", Optional.of(to).filter(t -> !t.isEmpty()), false, Set.of());
    }

    private Operation<RoleChangeState> switchover() {
        return SwitchoverOperation.operation(trio.estate(), trio.cluster(), request("b1"));
    }

    private void leadTo(String name) {
        for (String pooler : List.of("a1", "b1")) {
            for (String database : trio.cluster().pooledDatabases()) {
                assertThat(pooler(pooler).leadsTo(database))
                        .isEqualTo(Trio.server(name).endpoint());
            }
        }
    }

    @Test
    void a_new_one_leads_to_the_primary_once_passwords_can_be_looked_up() {
        leadTo("a1");
        List<String> titles = new Bank(trio).titles();
        assertThat(titles)
                .containsSubsequence(
                        "Create the role pgbouncer",
                        "Create the PgBouncer password lookup in payments",
                        "Create the PgBouncer password lookup in postgres",
                        "Start the proxy a1",
                        "Send writes to a1");
        assertThat(bank.at("a1").lookups).containsExactlyInAnyOrder("payments", "postgres");
    }

    @Test
    void clients_that_were_left_waiting_go_on_and_it_is_reported_which() {
        pooler("a1").paused.add("payments");
        assertThat(bank.look().problems())
                .containsExactly("the proxy on a1 is paused: payments is paused; holdfast apply resumes the proxy");
        assertThat(bank.reasons()).containsExactly("payments is paused");
        repairs("Resume PgBouncer a1");
        leadTo("a1");
    }

    @Test
    void what_was_changed_manually_is_reported_and_reset() {
        pooler("a1").edited = true;
        assertThat(bank.reasons()).containsExactly("the configuration was changed manually");
        repairs("Update the configuration of the proxy a1");
        pooler("b1").running.put("pool_mode", "session");
        assertThat(bank.reasons()).containsExactly("pool_mode is 'session', desired 'transaction'");
        repairs("Update the configuration of the proxy b1");
        pooler("b1").running.put("listen_port", "6433");
        repairs("Replace the process of the proxy b1");
        pooler("a1").password = new SecretRef("another");
        assertThat(bank.reasons())
                .containsExactly("the password file lacks the current password, or other users can read it");
        repairs("Update the configuration of the proxy a1");
        pooler("a1").written.put("postgres", "10.0.0.9:5432");
        assertThat(bank.reasons()).singleElement().asString().contains("names another server for the next restart");
        repairs("Send writes to a1");
        bank.at("a1").lookups.remove("payments");
        assertThat(bank.reasons()).containsExactly("the function pgbouncer.get_auth is missing or differs");
        repairs("Create the PgBouncer password lookup in payments");
    }

    @Test
    void one_by_which_no_client_gets_an_answer_is_no_open_way() {
        ProxyState state = bank.look().proxies().stream()
                .filter(p -> p.proxy().isPooler())
                .findFirst()
                .orElseThrow();
        MemberState primary = bank.look().primary().orElseThrow();
        PgBouncerPlanner plan = new PgBouncerPlanner(
                trio.estate(), trio.cluster(), new MemberConditions(new ClusterProbe(trio.estate(), trio.cluster())));
        assertThat(plan.route(state, primary)).isEmpty();
        assertThat(plan.route(state.answered(ActionResult.silent("not within 5 s")), primary))
                .hasValueSatisfying(s -> assertThat(s.because())
                        .isEqualTo("a query through PgBouncer fails: no answer: not within 5 s"));
    }

    @Test
    void a_switchover_lets_clients_wait_before_anything_ends_and_go_on_with_the_candidate() {
        List<String> titles = switchover().runbook().plan(bank.world).stream()
                .flatMap(p -> p.plan().steps().stream())
                .map(s -> s.title())
                .toList();
        assertThat(titles).containsSubsequence("Pause PgBouncer a1, b1", "Close client endpoints and stop a1");
        assertThat(bank.run(switchover().runbook()).exit()).isEqualTo(ExitCode.DONE);
        leadTo("b1");
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void a_transaction_that_does_not_end_is_named_and_clients_go_on_with_the_old_primary() {
        pooler("b1").busy.add("4711");
        RunbookOutcome outcome = bank.run(switchover().runbook());
        assertThat(outcome.exit()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(outcome.failures())
                .singleElement()
                .asString()
                .contains("not within 5 s")
                .contains(
                        "the proxy on b1 has a transaction in progress: server process 4711 at 10.0.0.1:5432 in payments");
        assertThat(bank.at("a1").up).isTrue();
        assertThat(bank.at("a1").marks).doesNotContainKey("fence");
        leadTo("a1");
        assertThat(pooler("b1").busy).as("it is not ended either").containsExactly("4711");
    }

    @Test
    void killed_after_any_change_of_a_switchover_the_same_command_or_apply_lets_clients_go_on() {
        for (int changes = 1; changes < 40; changes++) {
            Bank other = Bank.applied(trio);
            other.killAfter(changes);
            try {
                other.run(switchover().runbook());
                return;
            } catch (Bank.Killed killed) {
                other.killAfter(Integer.MAX_VALUE);
            }
            assertThat(other.run(switchover().runbook()).exit())
                    .as("killed after " + changes)
                    .isEqualTo(ExitCode.DONE);
            assertThat(other.apply().failures()).isEmpty();
            String primary = other.look().primary().orElseThrow().name();
            for (FakePooler pooler : other.fake.poolers.values()) {
                assertThat(pooler.leadsTo("payments"))
                        .isEqualTo(Trio.server(primary).endpoint());
            }
        }
        throw new AssertionError("a switchover has no end");
    }

    @Test
    void a_failover_lets_clients_wait_proves_that_no_route_takes_a_write_and_leads_them_to_the_candidate() {
        bank.at("a1").up = false;
        Operation<RoleChangeState> failover = FailoverOperation.operation(trio.estate(), trio.cluster(), request(""));
        assertThat(failover.runbook().plan(bank.world).stream()
                        .flatMap(p -> p.plan().steps().stream())
                        .filter(s -> s.title().startsWith("Try a write"))
                        .map(s -> s.until().description()))
                .singleElement()
                .asString()
                .contains("payments/poolers/a1")
                .contains("payments/poolers/b1");
        assertThat(bank.run(failover.runbook()).exit()).isEqualTo(ExitCode.DONE);
        leadTo("b1");
    }

    @Test
    void clients_get_both_ways_in() {
        Map<String, Object> profile = ClientProfile.of(trio.cluster(), dev.holdfast.schema.Dictionary.EMPTY);
        assertThat(profile.get("write").toString()).startsWith("postgresql://10.0.0.1:5000/");
        assertThat(profile.get("pooled").toString()).startsWith("postgresql://10.0.0.1:6432,10.0.0.2:6432/payments");
    }
}
