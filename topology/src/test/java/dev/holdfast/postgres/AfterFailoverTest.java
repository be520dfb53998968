package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.DecisionTable;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.postgres.provision.ProvisionRunbook;
import dev.holdfast.postgres.replication.CommitProtection;
import dev.holdfast.postgres.replication.CommitProtection.Way;
import dev.holdfast.postgres.topology.AfterFailover;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.postgres.topology.PostgresCluster.Synchronous.Method;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What commits are worth after a failover: decided, announced, set on the new primary, and named until it is over. */
@Tag("unit")
class AfterFailoverTest extends Rehearsal {

    @RegisterExtension
    static final DecisionTable TABLE =
            new DecisionTable("PostgreSQL: what commits do after a failover", CommitProtection.TABLE);

    private static final String ALONE = "0 of 1 synchronous standbys is in sync: b1 acknowledges commits without one";

    private static Decision<Way> decided(Trio trio, String primary, String... following) {
        Decision<Way> decision = new CommitProtection(trio.cluster(), primary, List.of(following)).decision();
        String outcome = switch (decision.then()) {
            case UNPROTECTED, COVERED -> "nothing changes";
            case SERVES -> "they are acknowledged; exit 5, and open in plan and status until as many follow";
            case WAITS -> "they wait; exit 5, and open in plan and status until as many follow";
        };
        TABLE.recordRow(decision, outcome, ExitCode.DONE, "");
        return decision;
    }

    private List<Refusal> open() {
        return ProvisionRunbook.runbook(bank.trio.estate(), bank.trio.cluster()).plan(bank.world).stream()
                .filter(p -> p.stage().equals("protection"))
                .flatMap(p -> p.plan().open().stream())
                .toList();
    }

    private RunbookOutcome failedOver(Trio trio) {
        bank = Bank.applied(trio);
        lost("a1");
        RunbookOutcome outcome = bank.run(failover("", false).runbook());
        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.exit()).isEqualTo(ExitCode.DONE);
        return outcome;
    }

    @Test
    void one_table_decides_it() {
        Trio trio = new Trio();
        assertThat(decided(new Trio().durability(Durability.FAST), "b1").then()).isEqualTo(Way.UNPROTECTED);
        assertThat(decided(new Trio().durability(Durability.AVAILABLE), "b1").then())
                .isEqualTo(Way.SERVES);
        assertThat(decided(trio, "b1", "a1").then()).isEqualTo(Way.COVERED);
        assertThat(decided(new Trio().serves(), "b1").then()).isEqualTo(Way.SERVES);
        assertThat(decided(trio, "b1").then()).isEqualTo(Way.WAITS);
    }

    @Test
    void by_default_commits_wait_until_a_standby_is_back_and_rejoin_ends_it() {
        bank = Bank.applied(new Trio());
        lost("a1");
        decides(failover("", false), "fence a1 and promote b1", ". Commits on b1 wait until a synchronous standby");
        RunbookOutcome outcome = failedOver(new Trio());
        assertThat(bank.at("b1").setting("synchronous_standby_names")).isEqualTo("FIRST 1 (\"a1\")");
        assertThat(outcome.open())
                .singleElement()
                .satisfies(o -> assertThat(o.what()).contains("commits on b1 wait"))
                .satisfies(o -> assertThat(o.hint()).isEqualTo("holdfast rejoin payments/servers/a1"));
        assertThat(open()).hasSize(1);
        assertThat(bank.look().problems()).contains("0 of 1 standbys are in sync: writes wait");

        RunbookOutcome back = bank.run(rejoin("a1").runbook());
        assertThat(back.exit()).isEqualTo(ExitCode.DONE);
        assertThat(back.open()).isEmpty();
        assertThat(bank.at("b1").setting("synchronous_standby_names")).isEqualTo("FIRST 1 (\"a1\")");
        assertThat(open()).isEmpty();
        assertThat(bank.look().problems()).isEmpty();
    }

    @Test
    void serving_alone_is_announced_and_open_until_a_rejoin_makes_commits_wait_again() {
        bank = Bank.applied(new Trio().serves());
        lost("a1");
        decides(failover("", false), "fence a1 and promote b1", "the loss of b1 would lose these commits");
        RunbookOutcome outcome = failedOver(new Trio().serves());
        assertThat(bank.at("b1").setting("synchronous_standby_names")).isEmpty();
        assertThat(outcome.open())
                .singleElement()
                .satisfies(o -> assertThat(o.what()).startsWith(ALONE));
        assertThat(open()).hasSize(1);
        assertThat(bank.titles()).isEmpty();
        assertThat(bank.look().problems())
                .contains("0 of 1 standbys are in sync: writes are acknowledged without a standby");

        RunbookOutcome back = bank.run(rejoin("a1").runbook());
        assertThat(back.open()).isEmpty();
        assertThat(bank.at("b1").setting("synchronous_standby_names")).isEqualTo("FIRST 1 (\"a1\")");
        assertThat(bank.at("b1").marks.get("history")).contains("b1\tin-sync\tFIRST 1 (\"a1\")");
        assertThat(open()).isEmpty();
    }

    @Test
    void with_another_synchronous_standby_nothing_is_open() {
        RunbookOutcome outcome = failedOver(new Trio().member("c1", MemberRole.SYNC));
        assertThat(outcome.open()).isEmpty();
        assertThat(open()).isEmpty();
    }

    @Test
    void fewer_than_declared_wait_for_all_or_serve_with_those_that_are_left() {
        failedOver(new Trio().member("c1", MemberRole.SYNC).waitsFor(Method.ANY, 2));
        assertThat(bank.at("b1").setting("synchronous_standby_names")).isEqualTo("ANY 2 (\"a1\", \"c1\")");
        RunbookOutcome serving =
                failedOver(new Trio().serves().member("c1", MemberRole.SYNC).waitsFor(Method.ANY, 2));
        assertThat(bank.at("b1").setting("synchronous_standby_names")).isEqualTo("ANY 1 (\"c1\")");
        assertThat(serving.open())
                .singleElement()
                .satisfies(o -> assertThat(o.what()).contains("b1 acknowledges commits without the others"));
    }

    @Test
    void a_choice_to_serve_that_comes_after_the_failover_lets_commits_go_on() {
        failedOver(new Trio());
        bank.trio.afterFailover = AfterFailover.SERVE;
        bank.apply();
        assertThat(bank.at("b1").setting("synchronous_standby_names")).isEmpty();
        assertThat(open()).hasSize(1);
    }

    @Test
    void serving_is_for_the_time_after_a_failover_and_not_for_a_standby_that_is_lost_later() {
        failedOver(new Trio().serves());
        bank.run(rejoin("a1").runbook());
        bank.fake.silentHosts.add("a1");
        bank.apply();
        assertThat(bank.at("b1").setting("synchronous_standby_names")).isEqualTo("FIRST 1 (\"a1\")");
        assertThat(open())
                .singleElement()
                .satisfies(o -> assertThat(o.hint())
                        .isEqualTo("make the host a1 answer, then run holdfast rejoin payments/servers/a1"));
    }
}
