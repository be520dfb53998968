package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.Patience;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The CLI is killed in every step of a bring-up; every time the next run goes on from there. */
@Tag("long")
class KilledTrioTest {

    @Test
    void killed_in_every_step_it_converges_to_one_complete_trio() throws Exception {
        try (RealTrio trio = new RealTrio(RealTrio.TOPOLOGY)) {
            Set<String> killedIn = new HashSet<>();
            while (killedInANewStep(trio, killedIn)) {
                assertThat(killedIn).hasSizeLessThan(60);
            }
            trio.applied();
            trio.settled();
            assertThat(killedIn).hasSizeGreaterThan(10);
            assertThat(trio.ask(
                            "a1", "SELECT application_name || ' ' || sync_state FROM pg_stat_replication ORDER BY 1"))
                    .containsExactly("b1 sync", "d1 async");
        }
    }

    /** Runs apply until it begins a step in which it was not killed yet; false when it ends before. */
    private static boolean killedInANewStep(RealTrio trio, Set<String> killedIn) throws Exception {
        Process cli = trio.estate.start("apply", "--yes");
        while (cli.isAlive()) {
            for (String step : begun(trio)) {
                if (killedIn.add(step)) {
                    // at another moment of the step each time
                    Patience.pause((killedIn.size() * 37L) % 120);
                    cli.destroyForcibly().waitFor();
                    return true;
                }
            }
            cli.waitFor(5, TimeUnit.MILLISECONDS);
        }
        return cli.exitValue() == 8;
    }

    private static List<String> begun(RealTrio trio) throws IOException {
        return trio.estate.ledger().stream()
                .filter(e -> e.path("kind").asText().equals("STEP_STARTED"))
                .map(KilledTrioTest::named)
                .toList();
    }

    private static String named(JsonNode entry) {
        return entry.path("lane").asText() + ": " + entry.path("step").asText();
    }
}
