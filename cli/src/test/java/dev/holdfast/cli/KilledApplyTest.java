package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code kill -9} of the CLI, at every step and in the middle of steps: what is left converges. */
@Tag("real")
class KilledApplyTest {

    private static final int MOST_RUNS = 200;

    @Test
    void an_apply_that_is_killed_after_each_step_converges() throws Exception {
        try (RealEstate estate = RealEstate.of("swapskill")) {
            List<String> killedAfter = new ArrayList<>();
            int exit = -1;
            while (exit != 0) {
                assertThat(killedAfter).as("steps after which it was killed").hasSizeLessThan(MOST_RUNS);
                Process apply = estate.start("apply", "--yes");
                List<JsonNode> before = estate.ledger();
                String step = firstStepDone(estate, apply, before);
                if (step == null) {
                    exit = apply.waitFor();
                    assertThat(exit).as("after " + killedAfter).isIn(0);
                } else {
                    apply.destroyForcibly().waitFor();
                    killedAfter.add(step);
                }
            }
            assertThat(killedAfter).hasSizeGreaterThan(20);
            mustBeWhole(estate);
        }
    }

    @Test
    void an_apply_that_is_killed_at_any_moment_gets_there_all_the_same() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (RealEstate estate = RealEstate.of("swapskill")) {
            for (int i = 0; i < 6; i++) {
                Process apply = estate.start("apply", "--yes");
                apply.waitFor(700 + random.nextInt(2500), TimeUnit.MILLISECONDS);
                apply.destroyForcibly().waitFor();
            }
            RealEstate.Ended last = estate.run("apply", "--yes");
            assertThat(last.exit()).as("seed " + seed + "\n" + last).isZero();
            mustBeWhole(estate);
        }
    }

    @Test
    void an_apply_that_is_interrupted_ends_with_130_and_the_next_one_goes_on() throws Exception {
        try (RealEstate estate = RealEstate.of("replica-set")) {
            Process apply = estate.start("apply", "--yes");
            assertThat(firstStepDone(estate, apply, List.of())).isNotNull();
            new ProcessBuilder("kill", "-INT", Long.toString(apply.pid()))
                    .start()
                    .waitFor();
            assertThat(apply.waitFor()).isEqualTo(130);
            RealEstate.Ended next = estate.run("apply", "--yes");
            assertThat(next.exit()).as(next.toString()).isZero();
            mustBeWhole(estate);
        }
    }

    private static void mustBeWhole(RealEstate estate) {
        estate.whenHealthy();
        estate.settled();
    }

    /** The first step that this run did, or null when it ended by itself. */
    private static String firstStepDone(RealEstate estate, Process apply, List<JsonNode> before) throws IOException {
        String earlier = before.isEmpty() ? "" : before.get(0).path("at").asText();
        while (apply.isAlive()) {
            List<JsonNode> now = estate.ledger();
            boolean own = !now.isEmpty() && !now.get(0).path("at").asText().equals(earlier);
            if (own) {
                for (JsonNode entry : now) {
                    if (entry.path("kind").asText().equals("STEP_DONE")) {
                        return entry.path("lane").asText() + " "
                                + entry.path("step").asText();
                    }
                }
            }
            Patience.pause(2);
        }
        return null;
    }
}
