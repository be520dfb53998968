package dev.holdfast.postgres.automatic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.DecisionTable;
import dev.holdfast.postgres.Trio;
import dev.holdfast.postgres.automatic.AutomaticRecords.ViewedRole;
import dev.holdfast.postgres.rolechange.RoleChangeDecision;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Role changes of a cluster that Patroni runs: every row of both tables decides at least once. */
@Tag("unit")
class AutomaticDecisionTest {

    @RegisterExtension
    static final DecisionTable SWITCHOVER =
            new DecisionTable("PostgreSQL with Patroni: switchover", AutomaticDecision.SWITCHOVER);

    @RegisterExtension
    static final DecisionTable FAILOVER =
            new DecisionTable("PostgreSQL with Patroni: failover", AutomaticDecision.FAILOVER);

    private AutomaticScene scene = new AutomaticScene(Trio::new);

    private static String words(RoleChangeDecision ruling, boolean isPlanned) {
        return switch (ruling.way()) {
            case GO -> isPlanned ? "request it from Patroni, to " + ruling.node() : "wait for Patroni's promotion";
            case FINISH -> "nothing, or what is left to verify";
            default -> "";
        };
    }

    private Decision<RoleChangeDecision> decided(boolean isPlanned, String to) {
        List<DecisionRule<AutomaticDecision, RoleChangeDecision>> table =
                isPlanned ? AutomaticDecision.SWITCHOVER : AutomaticDecision.FAILOVER;
        RoleChangeRequest request =
                new RoleChangeRequest("", to.isEmpty() ? Optional.empty() : Optional.of(to), false, Set.of());
        Decision<RoleChangeDecision> decision = AutomaticDecision.of(table, scene.state(), request);
        RoleChangeDecision then = decision.then();
        (isPlanned ? SWITCHOVER : FAILOVER).recordRow(decision, words(then, isPlanned), then.exit(), then.hint());
        return decision;
    }

    private DecisionCode code(boolean isPlanned, String to) {
        return decided(isPlanned, to).code();
    }

    private void lost(String name) {
        scene.bank.at(name).up = false;
        scene.restFailure.add(name);
    }

    @Test
    void a_switchover_goes_to_the_synchronous_standby_and_only_there() {
        assertThat(decided(true, "").then().node()).isEqualTo("b1");
        assertThat(code(true, "b1")).isEqualTo(DecisionCode.CANDIDATE_FIT);
        assertThat(code(true, "a1")).isEqualTo(DecisionCode.ALREADY_PRIMARY);
        assertThat(code(true, "x9")).isEqualTo(DecisionCode.UNKNOWN_MEMBER);
        assertThat(code(true, "d1")).isEqualTo(DecisionCode.AUTOMATIC_FAILOVER);

        scene.views.put("b1", ViewedRole.STANDBY);
        Decision<RoleChangeDecision> behind = decided(true, "b1");
        assertThat(behind.code()).isEqualTo(DecisionCode.CANDIDATE_NOT_SYNC);
        assertThat(behind.because()).isEqualTo("b1 is not a synchronous standby; the synchronous standbys are: none");
        assertThat(behind.then().exit()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void without_synchronous_commits_the_lag_of_the_candidate_is_limited() {
        scene = new AutomaticScene(() -> new Trio().durability(Durability.FAST));
        scene.views.put("b1", ViewedRole.STANDBY);
        assertThat(code(true, "b1")).isEqualTo(DecisionCode.CANDIDATE_FIT);
        scene.bank.at("b1").lag = 0x200000;
        assertThat(code(true, "b1")).isEqualTo(DecisionCode.CANDIDATE_BEHIND);
    }

    @Test
    void a_switchover_needs_a_primary_etcd_and_a_candidate_that_streams() {
        scene.paused = true;
        assertThat(code(true, "")).isEqualTo(DecisionCode.MAINTENANCE);
        scene.paused = false;
        scene.lonely.addAll(List.of("a1", "b1"));
        assertThat(code(true, "")).isEqualTo(DecisionCode.NO_MAJORITY);
        assertThat(code(false, "")).isEqualTo(DecisionCode.NO_MAJORITY);
        scene.lonely.clear();
        scene.restFailure.add("b1");
        assertThat(code(true, "b1")).isEqualTo(DecisionCode.CANDIDATE_DOWN);
        scene.restFailure.clear();
        scene.bank.fake.silentHosts.add("b1");
        scene.bank.at("b1").up = false;
        assertThat(code(true, "b1")).isEqualTo(DecisionCode.CANDIDATE_SILENT);
        scene.bank.fake.silentHosts.clear();
        scene.bank.at("b1").up = true;
        scene.bank.at("b1").files.put("role.conf", List.of("primary_conninfo = ''"));
        scene.bank.at("b1").start();
        assertThat(code(true, "b1")).isEqualTo(DecisionCode.CANDIDATE_NOT_STREAMING);
    }

    @Test
    void two_primaries_or_an_unknown_password_end_every_role_change() {
        scene.bank.fake.servers.values().forEach(s -> s.refuses = "NO_SECRET");
        assertThat(code(true, "")).isEqualTo(DecisionCode.SECRETS_UNKNOWN);
        assertThat(code(false, "")).isEqualTo(DecisionCode.SECRETS_UNKNOWN);
        scene.bank.fake.servers.values().forEach(s -> s.refuses = "");
        scene.bank.promoted("b1");
        assertThat(code(true, "")).isEqualTo(DecisionCode.SPLIT_BRAIN);
        assertThat(code(false, "")).isEqualTo(DecisionCode.SPLIT_BRAIN);
    }

    @Test
    void a_failover_waits_for_patroni_and_never_for_a_standby_that_can_lack_commits() {
        assertThat(code(false, "")).isEqualTo(DecisionCode.PRIMARY_ANSWERS);
        assertThat(code(false, "x9")).isEqualTo(DecisionCode.UNKNOWN_MEMBER);
        assertThat(code(false, "a1")).isEqualTo(DecisionCode.ALREADY_PRIMARY);
        scene.paused = true;
        assertThat(code(false, "")).isEqualTo(DecisionCode.MAINTENANCE);
        scene.paused = false;
        lost("a1");
        assertThat(code(true, "")).isEqualTo(DecisionCode.NO_PRIMARY_ANSWERS);
        assertThat(code(false, "")).isEqualTo(DecisionCode.ELECTION_EXPECTED);
        assertThat(code(false, "d1")).isEqualTo(DecisionCode.AUTOMATIC_FAILOVER);
        scene.views.put("b1", ViewedRole.STANDBY);
        Decision<RoleChangeDecision> lossy = decided(false, "b1");
        assertThat(lossy.code()).isEqualTo(DecisionCode.DATA_LOSS);
        assertThat(lossy.then().exit()).isEqualTo(ExitCode.WOULD_LOSE_DATA);
        scene.restFailure.add("b1");
        assertThat(code(false, "")).isEqualTo(DecisionCode.NO_STANDBY_ANSWERS);
    }

    @Test
    void a_cluster_of_one_has_no_candidate() {
        scene = new AutomaticScene(AutomaticDecisionTest::withoutStandby);
        scene.views.remove("b1");
        assertThat(code(true, "")).isEqualTo(DecisionCode.NO_CANDIDATE);
    }

    private static Trio withoutStandby() {
        Trio alone = new Trio().durability(Durability.FAST);
        alone.members.remove("b1");
        alone.members.put("d1", MemberRole.DR);
        return alone;
    }
}
