package dev.holdfast.postgres.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.Trio;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.RepositoryServerState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.world.FakeOutput;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is done about the servers that lead to a repository on another machine. */
@Tag("unit")
class RepositoryServerPlannerTest {

    private final PostgresCluster cluster =
            new Trio().repositoryServers("v1", "a1", "b1", "d1").cluster();
    private final RepositoryServerPlanner servers =
            new RepositoryServerPlanner(new Trio().estate(), cluster, new ClusterProbe(new Trio().estate(), cluster));

    private Node node(String name) {
        return cluster.repositoryServers().stream()
                .filter(n -> n.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static HostFacts hostFacts(NodeAvailability process) {
        return new HostFacts(
                process, DirectoryOwner.OURS, false, Map.of(), process == NodeAvailability.SILENT ? "not reached" : "");
    }

    /** @param lines what its host reports about it: type, then a tab and the text */
    private RepositoryServerState state(String name, NodeAvailability process, String... lines) {
        FakeOutput output = new FakeOutput("postgres/tls-look.sh");
        for (String line : lines) {
            String[] f = line.split("\t");
            switch (f[0]) {
                case "ending", "edited", "stale" ->
                    output.record(f[0], "id", node(name).id());
                default -> output.record(f[0], "id", node(name).id(), f[0].equals("inputs") ? "text" : "body", f[1]);
            }
        }
        return RepositoryServerState.of(
                node(name), hostFacts(process), RepositoryServerState.LOOK.read(output.answer()));
    }

    private RepositoryServerState sound(String name, String... trusts) {
        String inputs = "inputs\tformat 1, listens at " + node(name).endpoint() + ", for payments of v1 a1 b1 d1";
        List<String> lines = new ArrayList<>(List.of("certificate\t" + name, inputs));
        for (String one : trusts) {
            lines.add("trusted\t" + one);
        }
        return state(name, NodeAvailability.UP, lines.toArray(String[]::new));
    }

    private PostgresState all(RepositoryServerState... state) {
        return new PostgresState(
                Instant.EPOCH,
                cluster,
                List.of(),
                List.of(),
                ActionResult.ok(List.of()),
                Map.of(),
                List.of(),
                Map.of(),
                Map.of(),
                List.of(state));
    }

    private static List<String> descriptions(Plan plan) {
        return plan.steps().stream()
                .map(RepositoryServerPlannerTest::description)
                .toList();
    }

    private static String description(Step step) {
        return step.title() + ": " + step.because();
    }

    @Test
    void on_empty_hosts_each_gets_a_key_and_a_server() {
        PostgresState state = all(state("v1", NodeAvailability.DOWN), state("a1", NodeAvailability.DOWN));
        assertThat(descriptions(servers.keys(state)))
                .containsExactly(
                        "Create the pgBackRest key on v1: v1 has no certificate",
                        "Create the pgBackRest key on a1: a1 has no certificate");
        assertThat(descriptions(servers.processes(state)))
                .containsExactly(
                        "Start pgBackRest on v1: no pgBackRest server runs on its host",
                        "Start pgBackRest on a1: no pgBackRest server runs on its host");
    }

    @Test
    void where_all_accept_all_nothing_is_done() {
        PostgresState state = all(sound("v1", "v1", "a1"), sound("a1", "a1", "v1"));
        assertThat(servers.keys(state).steps()).isEmpty();
        assertThat(servers.processes(state).steps()).isEmpty();
    }

    @Test
    void a_certificate_that_ends_is_made_again_in_time() {
        PostgresState state = all(state("v1", NodeAvailability.UP, "certificate\tv1", "ending"));
        assertThat(descriptions(servers.keys(state)))
                .containsExactly("Create the pgBackRest key on v1: the certificate expires within 30 days");
    }

    @Test
    void a_certificate_that_no_one_has_is_no_longer_accepted() {
        PostgresState state = all(sound("v1", "v1", "a1", "stranger"), sound("a1", "a1", "v1"));
        assertThat(descriptions(servers.processes(state)))
                .containsExactly(
                        "Update the files of pgBackRest on v1: pgBackRest accepts 3 certificates, desired those of the"
                                + " 2 servers of this cluster");
    }

    @Test
    void a_host_that_does_not_answer_keeps_its_place_and_is_left_alone() {
        PostgresState state = all(sound("v1", "v1", "a1"), state("a1", NodeAvailability.SILENT));
        assertThat(servers.keys(state).steps()).isEmpty();
        assertThat(servers.processes(state).steps()).isEmpty();
    }

    @Test
    void what_was_changed_manually_or_is_newer_than_the_process_is_reported() {
        String inputs = "inputs\tformat 1, listens at " + node("v1").endpoint() + ", for payments of v1 a1 b1 d1";
        assertThat(descriptions(servers.processes(
                        all(state("v1", NodeAvailability.UP, "certificate\tv1", "trusted\tv1", inputs, "edited")))))
                .containsExactly("Update the files of pgBackRest on v1: the configuration was changed manually");
        assertThat(descriptions(servers.processes(
                        all(state("v1", NodeAvailability.UP, "certificate\tv1", "trusted\tv1", inputs, "stale")))))
                .containsExactly("Update the files of pgBackRest on v1: the files are newer than the process");
        assertThat(descriptions(servers.processes(
                        all(state("v1", NodeAvailability.UP, "certificate\tv1", "trusted\tv1", "inputs\tformat 0")))))
                .containsExactly(
                        "Update the files of pgBackRest on v1: pgBackRest is configured for 'format 0', desired '"
                                + inputs.substring("inputs\t".length()) + "'");
    }
}
