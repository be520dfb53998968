package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.engine.ServiceFacts.Runs;
import dev.holdfast.engine.ServiceFacts.Scope;
import dev.holdfast.engine.ServiceFacts.State;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.Script;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import dev.holdfast.model.Services;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ServicePlannerTest {

    private static final HostAccess SSH = new HostAccess.Ssh("root", 22, "", "", "", "", false);

    private static ServiceUnit unit(HostAccess reach, Services services, String directory) {
        Host host = new Host("a1.example", "10.0.0.1", "z", "r", reach, "/h", services, Map.of());
        Node node = new Node("payments", "servers", "a1.example", Node.Kind.POSTGRES, host, 5432, directory);
        return new ServiceUnit("shop", node, directory + "/data/postmaster.pid", "10.0.0.2:5432");
    }

    private static ServiceUnit unit(Services services) {
        return unit(SSH, services, "/h/a1/payments/servers");
    }

    private static Plan plan(ServiceUnit unit, NodeAvailability process, ServiceFacts service) {
        HostFacts facts = new HostFacts(process, DirectoryOwner.OURS, true, Map.of(), "").withService(service);
        return ServicePlanner.plan(List.of(unit), n -> facts);
    }

    private static ServiceFacts facts(State state, Runs runs, String reason) {
        return new ServiceFacts(state, Scope.SYSTEM, runs, reason);
    }

    @Test
    void a_host_that_does_not_report_the_service_is_not_as_declared() {
        Plan plan = plan(unit(Services.AUTO), NodeAvailability.UP, null);
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.open()).singleElement().satisfies(o -> {
            assertThat(o.exit()).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(o.what()).contains("did not report whether a unit starts the server");
        });
        assertThat(plan(unit(Services.AUTO), NodeAvailability.DOWN, null).open())
                .isEmpty();
    }

    @Test
    void a_running_server_without_a_unit_gets_one_without_a_restart() {
        Plan plan = plan(unit(Services.AUTO), NodeAvailability.UP, facts(State.DIFFERENT, Runs.OUTSIDE, "missing"));
        assertThat(plan.steps()).hasSize(1);
        Step step = plan.steps().get(0);
        assertThat(step.title()).isEqualTo("Enable the service of payments/servers/a1.example");
        assertThat(step.risk()).isEqualTo(Step.Risk.NONE);
        assertThat(step.because())
                .contains("nothing starts the server after a reboot")
                .contains("holdfast-shop.payments.servers.a1.example.service");
        assertThat(step.actions().get(0).toString())
                .contains("host/service.sh")
                .contains("service_peers=10.0.0.2:5432");
    }

    @Test
    void a_unit_as_declared_needs_no_step_also_while_the_process_is_outside_of_it() {
        Plan plan = plan(unit(Services.AUTO), NodeAvailability.UP, facts(State.CURRENT, Runs.OUTSIDE, ""));
        assertThat(plan).isEqualTo(Plan.NOTHING);
    }

    @Test
    void a_stopped_server_gets_its_unit_with_its_start_and_not_before() {
        Plan plan = plan(unit(Services.AUTO), NodeAvailability.DOWN, facts(State.DIFFERENT, Runs.STOPPED, "missing"));
        assertThat(plan).isEqualTo(Plan.NOTHING);
    }

    @Test
    void a_host_without_systemd_is_a_difference_only_where_systemd_is_declared() {
        ServiceFacts none = new ServiceFacts(State.UNUSABLE, Scope.NONE, Runs.OUTSIDE, "systemd is not there");
        assertThat(plan(unit(Services.AUTO), NodeAvailability.UP, none)).isEqualTo(Plan.NOTHING);
        Plan declared = plan(unit(Services.SYSTEMD), NodeAvailability.UP, none);
        assertThat(declared.steps()).isEmpty();
        assertThat(declared.open()).hasSize(1);
        assertThat(declared.open().get(0).exit()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(declared.open().get(0).what()).endsWith("systemd is not there");
    }

    @Test
    void a_unit_that_is_no_longer_declared_is_removed() {
        Plan plan = plan(unit(Services.NONE), NodeAvailability.UP, facts(State.PRESENT, Runs.SERVICE, ""));
        assertThat(plan.steps())
                .extracting(Step::title)
                .containsExactly("Remove the service of payments/servers/a1.example");
    }

    @Test
    void a_host_that_was_not_asked_has_no_step() {
        ServiceUnit local = unit(new HostAccess.Local(), Services.AUTO, "/h/a1/payments/servers");
        assertThat(plan(local, NodeAvailability.UP, null)).isEqualTo(Plan.NOTHING);
    }

    @Test
    void loopback_hosts_and_servers_of_restores_have_units_only_where_declared() {
        Script script = Script.of("postgres/start.sh");
        HostAccess local = new HostAccess.Local();
        assertThat(unit(local, Services.AUTO, "/h/x").onto(script)).isEqualTo(script);
        assertThat(unit(local, Services.SYSTEMD, "/h/x").onto(script).values())
                .containsEntry("service_want", "systemd")
                .containsEntry("service_kind", "postgres");
        assertThat(unit(SSH, Services.AUTO, "/h/restored/a1/x").onto(script)).isEqualTo(script);
        assertThat(unit(SSH, Services.NONE, "/h/x").onto(script).values()).containsEntry("service_want", "none");
    }
}
