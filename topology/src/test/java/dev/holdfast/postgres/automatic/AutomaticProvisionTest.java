package dev.holdfast.postgres.automatic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.Trio;
import dev.holdfast.postgres.automatic.AutomaticRecords.ViewedRole;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.probe.MemberConditions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What apply plans for a cluster that Patroni runs, from what is observed. */
@Tag("unit")
class AutomaticProvisionTest {

    private final AutomaticScene scene = new AutomaticScene(Trio::new);
    private final PatroniConfiguration configuration =
            new PatroniConfiguration(scene.trio.estate(), scene.trio.cluster());
    private final AutomaticActions actions = new AutomaticActions(scene.trio.estate(), scene.trio.cluster());
    private final PatroniPlanner planner = new PatroniPlanner(
            scene.trio.cluster(),
            configuration,
            scene.returning(),
            actions,
            new MemberConditions(new ClusterProbe(scene.trio.estate(), scene.trio.cluster())),
            new AutomaticProbe(scene.trio.estate(), scene.trio.cluster()));

    private static List<String> titles(Plan plan) {
        return plan.steps().stream().map(Step::title).toList();
    }

    private static List<String> refusals(Plan plan) {
        return plan.refusals().stream().map(r -> r.where() + ": " + r.what()).toList();
    }

    @Test
    void nothing_is_planned_for_what_is_as_declared() {
        AutomaticState state = scene.state();
        assertThat(titles(planner.first(state))).isEmpty();
        assertThat(titles(planner.configuration(state))).isEmpty();
        assertThat(titles(planner.copies(state))).isEmpty();
        assertThat(titles(planner.restarts(state))).isEmpty();
        assertThat(titles(planner.rest(state))).isEmpty();
        assertThat(state.findings()).isEmpty();
    }

    /** Patroni 4 does not start while etcd requires no login, so an answer that is missing counts as no. */
    @Test
    void a_login_for_etcd_is_planned_unless_etcd_is_known_to_require_it() {
        AutomaticProbe probe = new AutomaticProbe(scene.trio.estate(), scene.trio.cluster());
        EtcdPlanner etcd = new EtcdPlanner(scene.trio.cluster(), actions, probe);
        assertThat(titles(etcd.authentication(scene.state()))).isEmpty();
        scene.auth = Optional.empty();
        Step step = etcd.authentication(scene.state()).steps().get(0);
        assertThat(step.title()).isEqualTo("Require a login for etcd");
        assertThat(step.because()).isEqualTo("etcd has not answered whether it requires a login");
        scene.lonely.addAll(List.of("a1", "b1", "d1"));
        assertThat(titles(etcd.authentication(scene.state()))).isEmpty();
    }

    @Test
    void a_dynamic_setting_that_differs_is_named_with_both_values_and_patched_alone() {
        scene.dynamic.put("ttl", "60");
        scene.dynamic.put("postgresql.parameters.work_mem", "64MB");
        scene.dynamic.put("postgresql.parameters.jit", "off");
        scene.dynamic.remove("failsafe_mode");
        Step step = planner.configuration(scene.state()).steps().get(0);
        assertThat(step.title()).isEqualTo("Update the dynamic settings of payments");
        assertThat(configuration.differences(scene.dynamic))
                .containsExactly(
                        "ttl is 60, desired 30",
                        "failsafe_mode is not set, desired true",
                        "work_mem is 64MB, desired 4MB",
                        "jit is off, not declared");
        assertThat(configuration.patch(scene.dynamic))
                .isEqualTo("{\"ttl\": 30, \"failsafe_mode\": true, \"postgresql\": {\"parameters\":"
                        + " {\"work_mem\": \"4MB\", \"jit\": null}}}");
    }

    @Test
    void a_file_that_was_edited_is_written_again() {
        scene.lines.put("b1", List.of("{\"scope\": \"other\"}"));
        assertThat(titles(planner.configuration(scene.state())))
                .containsExactly("Update the Patroni configuration of b1");
    }

    @Test
    void pending_restarts_begin_with_the_standbys_and_end_with_the_primary() {
        scene.pending = true;
        assertThat(titles(planner.restarts(scene.state())))
                .containsExactly("Restart b1 with Patroni", "Restart d1 with Patroni", "Restart a1 with Patroni");
    }

    @Test
    void a_database_that_patroni_does_not_run_is_never_taken_over() {
        scene.configured = false;
        assertThat(refusals(new AutomaticPreconditions(actions).plan(scene.state())))
                .contains("payments/servers/a1: failover: automatic is declared, but patroni is not installed on a1")
                .filteredOn(r -> r.contains("Holdfast cannot convert the member to failover: automatic"))
                .hasSize(3);
    }

    @Test
    void protect_is_strict_and_a_recovery_copy_is_neither_promoted_nor_waited_for() {
        assertThat(configuration.dynamic())
                .containsEntry("synchronous_mode", true)
                .containsEntry("synchronous_mode_strict", true)
                .containsEntry("failsafe_mode", true);
        String copy = String.join(
                "\n",
                configuration.lines(
                        scene.state().servers().members().get(2),
                        scene.state().servers().major()));
        assertThat(copy).contains("\"nofailover\": true, \"nosync\": true");
    }

    @Test
    void a_lost_majority_of_etcd_a_pause_and_a_missing_lock_are_reported() {
        scene.lonely.addAll(List.of("a1", "b1"));
        scene.paused = true;
        assertThat(scene.state().problems())
                .anyMatch(p -> p.startsWith("etcd has no majority: no failover happens"))
                .contains(
                        "Patroni is paused: no failover happens; holdfast maintenance off payments ends the pause when the work is"
                                + " done");
        scene.lonely.clear();
        scene.views.put("a1", ViewedRole.STANDBY);
        assertThat(scene.state().problems()).contains("no member has the leader lock");
    }
}
