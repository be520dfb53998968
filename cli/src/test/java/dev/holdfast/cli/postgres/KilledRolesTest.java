package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Patience;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The CLI is killed in every step of a switchover and of a failover, under load; the next run ends what it had begun. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledRolesTest {

    private static final int STEPS = 5;

    private RealTrio trio;
    private final Set<String> killedIn = new HashSet<>();

    @BeforeAll
    void a_trio_is_created() throws IOException {
        trio = new RealTrio(RealTrio.TOPOLOGY);
        trio.applied();
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        trio.close();
    }

    private static String other(String host) {
        return host.equals("a1") ? "b1" : "a1";
    }

    @Test
    void killed_in_a_step_of_a_switchover_the_next_run_ends_it() throws Exception {
        int timeline = trio.timeline(trio.primary());
        int moves = 0;
        try (PacedWriter writer = new PacedWriter(trio, "a1", "b1")) {
            for (boolean goesOn = true; goesOn; moves++) {
                String to = other(trio.primary());
                String[] line = {"switchover", "payments", "--to", to, "--yes"};
                goesOn = killedIn("switchover", line).isPresent();
                ends(line);
                writer.awaitMore(10);
                assertThat(trio.primary()).isEqualTo(to);
                trio.settled();
            }
            writer.stop();
            assertThat(writer.lost(trio.primary())).isEmpty();
        }
        assertThat(trio.timeline(trio.primary())).isEqualTo(timeline + moves);
        assertThat(killedIn.stream().filter(s -> s.startsWith("switchover"))).hasSizeGreaterThanOrEqualTo(STEPS);
    }

    @Test
    void killed_in_a_step_of_a_failover_the_next_run_ends_it() throws Exception {
        try (PacedWriter writer = new PacedWriter(trio, "a1", "b1")) {
            for (boolean goesOn = true; goesOn; ) {
                String lost = trio.primary();
                RealTrio.signal("KILL", trio.processes(lost));
                String[] line = {"failover", "payments", "--override=failover-again", "--yes"};
                goesOn = killedIn("failover", line).isPresent();
                ends(line);
                writer.awaitMore(10);
                assertThat(trio.primary()).isEqualTo(other(lost));
                assertThat(trio.processes(lost)).isEmpty();
                ends("rejoin", "payments/servers/" + lost, "--yes");
                trio.settled();
            }
            writer.stop();
            assertThat(writer.lost(trio.primary())).isEmpty();
        }
        assertThat(killedIn.stream().filter(s -> s.startsWith("failover"))).hasSizeGreaterThanOrEqualTo(STEPS);
    }

    private void ends(String... line) {
        trio.does(line[0].equals("failover") ? 5 : 0, line);
    }

    /** Runs a command until it begins a step in which it was not killed yet, and kills it there; empty when it ends before. */
    private Optional<String> killedIn(String verb, String... line) throws Exception {
        for (int attempt = 0; attempt < 8; attempt++) {
            Process cli = trio.estate.start(line);
            Optional<String> step = killed(cli, verb);
            if (step.isPresent() || List.of(0, 5).contains(cli.exitValue())) {
                return step;
            }
        }
        throw new AssertionError(String.join(" ", line) + " was refused every time");
    }

    private Optional<String> killed(Process cli, String verb) throws Exception {
        while (cli.isAlive()) {
            Optional<String> step = begun(verb).filter(killedIn::add);
            if (step.isPresent()) {
                // at another moment of the step each time
                Patience.pause((killedIn.size() * 37L) % 90);
                cli.destroyForcibly().waitFor();
                return step;
            }
            cli.waitFor(5, TimeUnit.MILLISECONDS);
        }
        return Optional.empty();
    }

    /** The first step of the newest run in which no run was killed yet, without the names of hosts. */
    private Optional<String> begun(String verb) throws IOException {
        return trio.estate.ledger().stream()
                .filter(e -> e.path("kind").asText().equals("STEP_STARTED"))
                .map(e -> e.path("step").asText())
                .map(s -> verb + ": " + s.replaceAll("\\b[abd]1\\b", "N"))
                .filter(s -> !killedIn.contains(s))
                .findFirst();
    }
}
