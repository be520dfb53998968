package dev.holdfast.postgres.automatic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.DecisionTable;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.Trio;
import dev.holdfast.postgres.automatic.AutomaticRecords.ViewedRole;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.rolechange.RoleChangeDecision;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The rejoin of a member that Patroni runs: every row of the table decides at least once. */
@Tag("unit")
class AutomaticRejoinTest {

    @RegisterExtension
    static final DecisionTable REJOIN =
            new DecisionTable("PostgreSQL with Patroni: rejoin", AutomaticRejoinDecision.TABLE);

    private final AutomaticScene scene = new AutomaticScene(Trio::new);

    private static String words(RoleChangeDecision then) {
        return switch (then.way()) {
            case FENCE -> "stop it and its Patroni, then decide again";
            case FOLLOW -> "start its Patroni";
            case GO -> "let Patroni copy the primary to it";
            case REWIND -> "keep what only it has, and let Patroni rewind it";
            case CLONE -> "keep its data, and let Patroni copy the primary to it";
            case FINISH -> "nothing";
            default -> "";
        };
    }

    private Decision<RoleChangeDecision> decided(String name, boolean isLossAccepted, DecisionCode... overrides) {
        RoleChangeRequest request = new RoleChangeRequest(
                "",
                Optional.of(name),
                isLossAccepted,
                Arrays.stream(overrides).map(DecisionCode::word).collect(Collectors.toSet()));
        AutomaticRejoinDecision.Observed state = new AutomaticRejoinDecision.Observed(
                scene.state(),
                RoleChangeProbe.patient(scene.trio.estate(), scene.trio.cluster())
                        .look(scene.bank.world));
        Decision<RoleChangeDecision> decision = new AutomaticRejoinDecision(state, request).decision();
        REJOIN.recordRow(
                decision,
                words(decision.then()),
                decision.then().exit(),
                decision.then().hint());
        return decision;
    }

    private DecisionCode code(String name) {
        return decided(name, false).code();
    }

    /** The primary is killed with its Patroni, and Patroni has promoted b1. */
    private void failedOver() {
        scene.bank.at("a1").up = false;
        scene.bank.at("a1").end += 0x500;
        scene.bank.promoted("b1");
        scene.restFailure.add("a1");
        scene.views.remove("a1");
        scene.views.put("b1", ViewedRole.LEADER);
    }

    @Test
    void a_former_primary_is_kept_and_then_rewound_by_patroni() {
        failedOver();
        assertThat(code("a1")).isEqualTo(DecisionCode.REWIND_NEEDED);
        assertThat(code("b1")).isEqualTo(DecisionCode.ALREADY_PRIMARY);
        scene.restFailure.clear();
        assertThat(code("a1")).isEqualTo(DecisionCode.REWIND_IMPOSSIBLE);
    }

    @Test
    void apply_keeps_the_rows_of_a_former_primary_before_patroni_rewinds_it() {
        failedOver();
        PatroniPlanner planner = new PatroniPlanner(
                scene.trio.cluster(),
                new PatroniConfiguration(scene.trio.estate(), scene.trio.cluster()),
                scene.returning(),
                new AutomaticActions(scene.trio.estate(), scene.trio.cluster()),
                new MemberConditions(new ClusterProbe(scene.trio.estate(), scene.trio.cluster())),
                new AutomaticProbe(scene.trio.estate(), scene.trio.cluster()));
        assertThat(planner.first(scene.state()).steps().stream().map(Step::title))
                .containsExactly("Preserve what only a1 has", "Start Patroni on a1");
    }

    @Test
    void a_standby_whose_patroni_has_ended_needs_only_its_patroni() {
        assertThat(code("b1")).isEqualTo(DecisionCode.REJOINED);
        scene.restFailure.add("b1");
        assertThat(code("b1")).isEqualTo(DecisionCode.NO_DIVERGENCE);
        scene.bank.at("b1").up = false;
        assertThat(code("b1")).isEqualTo(DecisionCode.NO_DIVERGENCE);
        scene.bank.at("b1").data = false;
        assertThat(code("b1")).isEqualTo(DecisionCode.NO_DATABASE);
    }

    @Test
    void a_standby_that_patroni_cannot_start_is_copied_again() {
        scene.bank.at("b1").up = false;
        Decision<RoleChangeDecision> decision = decided("b1", false);
        assertThat(decision.code()).isEqualTo(DecisionCode.UNUSABLE_DATA);
        assertThat(decision.because()).startsWith("Patroni runs b1, but b1 does not receive WAL from a1");
    }

    @Test
    void a_second_primary_without_the_lock_is_stopped_and_the_lock_decides_which_one_that_is() {
        scene.bank.promoted("d1");
        scene.bank.at("a1").commits = 5;
        scene.bank.at("d1").commits = 2;
        Decision<RoleChangeDecision> unclear = decided("d1", false);
        assertThat(unclear.code()).isEqualTo(DecisionCode.SPLIT_BRAIN);
        assertThat(unclear.then().exit()).isEqualTo(ExitCode.WOULD_LOSE_DATA);
        assertThat(unclear.then().hint())
                .startsWith("holdfast rejoin payments/servers/d1 --accept-data-loss gives up 2 commits after");
        assertThat(decided("d1", true).code()).isEqualTo(DecisionCode.STRAY_PRIMARY_ACCEPTED);
        assertThat(decided("a1", true).code()).isEqualTo(DecisionCode.ALREADY_PRIMARY);
        assertThat(code("b1")).isEqualTo(DecisionCode.SPLIT_BRAIN);
        scene.bank.at("d1").commits = 0;
        assertThat(code("d1")).isEqualTo(DecisionCode.STRAY_PRIMARY);
    }

    @Test
    void rows_that_could_not_be_saved_end_a_rejoin_until_a_person_overrides_that() {
        failedOver();
        scene.bank.at("a1").marks.put("unread", "20260101T000000Z");
        assertThat(code("a1")).isEqualTo(DecisionCode.ROWS_NOT_KEPT);
        Decision<RoleChangeDecision> overridden = decided("a1", false, DecisionCode.ROWS_NOT_KEPT);
        assertThat(overridden.code()).isEqualTo(DecisionCode.ROWS_NOT_KEPT_ACCEPTED);
        assertThat(overridden.then().way()).isEqualTo(RoleChangeDecision.Outcome.CLONE);
    }

    /** A Patroni that possibly runs must not be started a second time, and its server not be stopped. */
    @Test
    void a_host_that_does_not_report_its_patroni_is_no_host_without_one() {
        failedOver();
        scene.unreported.add("a1");
        assertThat(code("a1")).isEqualTo(DecisionCode.HOST_SILENT);
        assertThat(decided("a1", false).because()).contains("the host of a1 does not answer: the answer was truncated");
    }

    @Test
    void a_rejoin_needs_a_known_member_whose_host_and_process_answer() {
        assertThat(code("x9")).isEqualTo(DecisionCode.UNKNOWN_MEMBER);
        scene.bank.fake.silentHosts.add("d1");
        assertThat(code("d1")).isEqualTo(DecisionCode.HOST_SILENT);
        scene.bank.at("b1").hangs = true;
        scene.bank.at("b1").up = false;
        assertThat(code("b1")).isEqualTo(DecisionCode.PROCESS_SILENT);
        scene.bank.at("b1").hangs = false;
        scene.bank.at("b1").systemIdentifier = "799";
        assertThat(code("b1")).isEqualTo(DecisionCode.OTHER_CLUSTER);
    }

    @Test
    void a_rejoin_needs_a_primary_with_the_lock_and_a_patroni_that_acts() {
        scene.paused = true;
        assertThat(decided("b1", false).then().hint())
                .isEqualTo(
                        "holdfast maintenance off payments ends the pause when the work is done; holdfast status shows"
                                + " the pause");
        assertThat(code("b1")).isEqualTo(DecisionCode.MAINTENANCE);
        scene.paused = false;
        scene.lonely.addAll(List.of("a1", "b1"));
        assertThat(code("b1")).isEqualTo(DecisionCode.NO_MAJORITY);
        scene.lonely.clear();
        scene.views.put("a1", ViewedRole.STANDBY);
        assertThat(code("b1")).isEqualTo(DecisionCode.NO_PRIMARY_ANSWERS);
        scene.bank.fake.servers.values().forEach(s -> s.refuses = "NO_SECRET");
        assertThat(code("b1")).isEqualTo(DecisionCode.SECRETS_UNKNOWN);
    }

    @Test
    void a_member_that_was_promoted_on_the_same_timeline_is_copied() {
        failedOver();
        scene.bank.at("d1").standby = false;
        scene.bank.at("d1").timeline = scene.bank.at("b1").timeline;
        scene.bank.at("d1").history = scene.bank.at("b1").history;
        scene.bank.at("d1").up = false;
        scene.restFailure.add("d1");
        Decision<RoleChangeDecision> decision = decided("d1", false);
        assertThat(decision.code()).isEqualTo(DecisionCode.REWIND_IMPOSSIBLE);
        assertThat(decision.because())
                .endsWith("pg_rewind compares only the numbers of timelines and would do nothing");
    }

    @Test
    void a_standby_that_replayed_wal_of_another_server_is_copied_on_an_older_timeline_too() {
        scene.bank.promoted("a1"); // on a later timeline than its standbys
        scene.bank.fake.withOtherWal.add("b1");
        scene.restFailure.add("b1");
        Decision<RoleChangeDecision> decision = decided("b1", false);
        assertThat(decision.because()).contains("the member replayed WAL of another server");
        assertThat(decision.code()).isEqualTo(DecisionCode.REWIND_IMPOSSIBLE);
    }
}
