package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Footing;
import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.world.Answer;
import dev.holdfast.world.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is done about the servers that lead to a repository on another machine. */
class RepositoryServersTest {

    private final PostgresCluster cluster =
            new Trio().repositoryServers("v1", "a1", "b1", "d1").cluster();
    private final RepositoryServers servers =
            new RepositoryServers(new Trio().estate(), cluster, new PostgresProbes(new Trio().estate(), cluster));

    private Node node(String name) {
        return cluster.repositoryServers().stream()
                .filter(n -> n.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Footing footing(State process) {
        return new Footing(process, Ground.OURS, false, Map.of(), process == State.SILENT ? "not reached" : "");
    }

    /** @param lines what its host tells of it, without its name: word, then a tab and the rest */
    private RepositoryServerSeen seen(String name, State process, String... lines) {
        String told = Arrays.stream(lines)
                .map(l -> l.replaceFirst("^(\\S+)", "$1\t" + node(name).id()))
                .collect(Collectors.joining("\n"));
        return RepositoryServerSeen.of(node(name), footing(process), Answer.ok(told));
    }

    private RepositoryServerSeen sound(String name, String... trusts) {
        String inputs = "inputs\tformat 1, listens at " + node(name).endpoint() + ", for payments of v1 a1 b1 d1";
        List<String> lines = new ArrayList<>(List.of("certificate\t" + name, inputs));
        for (String one : trusts) {
            lines.add("trusts\t" + one);
        }
        return seen(name, State.UP, lines.toArray(String[]::new));
    }

    private PostgresSeen all(RepositoryServerSeen... seen) {
        return new PostgresSeen(
                Instant.EPOCH,
                cluster,
                List.of(),
                List.of(),
                Answer.ok(List.of()),
                Map.of(),
                List.of(),
                Map.of(),
                Map.of(),
                List.of(seen));
    }

    private static List<String> told(Plan plan) {
        return plan.steps().stream().map(RepositoryServersTest::told).toList();
    }

    private static String told(Step step) {
        return step.title() + ": " + step.because();
    }

    @Test
    void on_empty_hosts_each_gets_a_key_and_a_server() {
        PostgresSeen seen = all(seen("v1", State.DOWN), seen("a1", State.DOWN));
        assertThat(told(servers.keys(seen)))
                .containsExactly(
                        "Make the key of pgBackRest on v1: it has none there",
                        "Make the key of pgBackRest on a1: it has none there");
        assertThat(told(servers.processes(seen)))
                .containsExactly(
                        "Start pgBackRest on v1: no pgBackRest server runs there",
                        "Start pgBackRest on a1: no pgBackRest server runs there");
    }

    @Test
    void where_all_accept_all_nothing_is_done() {
        PostgresSeen seen = all(sound("v1", "v1", "a1"), sound("a1", "a1", "v1"));
        assertThat(servers.keys(seen).steps()).isEmpty();
        assertThat(servers.processes(seen).steps()).isEmpty();
    }

    @Test
    void a_certificate_that_ends_is_made_anew_in_time() {
        PostgresSeen seen = all(seen("v1", State.UP, "certificate\tv1", "ending"));
        assertThat(told(servers.keys(seen)))
                .containsExactly("Make the key of pgBackRest on v1: its certificate ends within thirty days");
    }

    @Test
    void a_certificate_that_nobody_has_is_no_longer_accepted() {
        PostgresSeen seen = all(sound("v1", "v1", "a1", "stranger"), sound("a1", "a1", "v1"));
        assertThat(told(servers.processes(seen)))
                .containsExactly("Give its files to pgBackRest on v1: it accepts 3 certificates, not those of the"
                        + " 2 servers of this cluster");
    }

    @Test
    void a_host_that_does_not_answer_keeps_its_place_and_is_left_alone() {
        PostgresSeen seen = all(sound("v1", "v1", "a1"), seen("a1", State.SILENT));
        assertThat(servers.keys(seen).steps()).isEmpty();
        assertThat(servers.processes(seen).steps()).isEmpty();
    }

    @Test
    void what_was_changed_by_hand_or_is_newer_than_the_process_is_told() {
        String inputs = "inputs\tformat 1, listens at " + node("v1").endpoint() + ", for payments of v1 a1 b1 d1";
        assertThat(told(servers.processes(
                        all(seen("v1", State.UP, "certificate\tv1", "trusts\tv1", inputs, "edited")))))
                .containsExactly("Give its files to pgBackRest on v1: its configuration was changed by hand");
        assertThat(told(servers.processes(all(seen("v1", State.UP, "certificate\tv1", "trusts\tv1", inputs, "stale")))))
                .containsExactly("Give its files to pgBackRest on v1: its files are newer than its process");
        assertThat(told(servers.processes(
                        all(seen("v1", State.UP, "certificate\tv1", "trusts\tv1", "inputs\tformat 0")))))
                .containsExactly("Give its files to pgBackRest on v1: it is configured for 'format 0', wanted '"
                        + inputs.substring("inputs\t".length()) + "'");
    }
}
