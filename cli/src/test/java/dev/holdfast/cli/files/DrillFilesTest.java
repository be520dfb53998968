package dev.holdfast.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.drill.Drill;
import dev.holdfast.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drill files beside a topology file: what is made of them, and what is said of mistakes, with their places. */
@Tag("unit")
class DrillFilesTest {

    private static final String GOOD = """
            apiVersion: holdfast.dev/v1
            drill: mine
            story: The primary goes.
            target: payments
            faults:
              - { fault: kill, strikes: primary }
            recovery: failover
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void estate() throws IOException {
        Files.copy(Written.EXAMPLES.resolve("swapskill/topology.yaml"), folder.resolve("topology.yaml"));
        Files.createDirectories(folder.resolve("schema"));
        for (String schema : List.of("social.yaml", "payments.yaml")) {
            Files.copy(Written.EXAMPLES.resolve("swapskill/schema/" + schema), folder.resolve("schema/" + schema));
        }
        Files.createDirectories(folder.resolve("drills"));
    }

    private TopologyFile.Loaded load(String drill) throws IOException {
        Files.writeString(folder.resolve("drills/mine.yaml"), drill);
        return TopologyFile.load(folder.resolve("topology.yaml"), Map.of(), Map.of());
    }

    private List<String> problems(String drill) throws IOException {
        return load(drill).problems().stream()
                .map(Problem::toString)
                .map(p -> p.substring(p.indexOf("mine.yaml")))
                .toList();
    }

    @Test
    void a_drill_of_ones_own_is_read_and_what_it_leaves_out_is_usual() throws IOException {
        TopologyFile.Loaded loaded = load(GOOD);
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.drills()).extracting(Drill::name).containsExactly("mine");
        Drill drill = loaded.drills().get(0);
        assertThat(drill.target().cluster()).isEqualTo("payments");
        assertThat(drill.course().sentences()).singleElement().asString().startsWith("kill: the primary of the group");
        assertThat(drill.claims()).contains("nothing-lost", "others-untouched", "ends-whole");
    }

    @Test
    void the_example_has_its_own_writes_invariants_and_faults_at_their_times() {
        Drill drill =
                TopologyFile.load(Written.EXAMPLES.resolve("swapskill/topology.yaml"), Map.of(), Map.of())
                        .drills()
                        .stream()
                        .filter(d -> d.name().equals("payday"))
                        .findFirst()
                        .orElseThrow();
        assertThat(drill.course().sentences())
                .satisfiesExactly(
                        first -> assertThat(first).contains("lossy", "host d1", "for 20000 ms"),
                        second -> assertThat(second).contains("kill", "2000 ms after the first"));
        assertThat(drill.circumstances().own()).containsKey("payments");
        assertThat(drill.circumstances().invariants()).hasSize(1);
        assertThat(drill.claims()).contains("own-invariants");
    }

    @Test
    void mistakes_are_found_together_each_with_its_place_and_what_was_meant() throws IOException {
        assertThat(problems("""
                apiVersion: holdfast.dev/v1
                drill: mine
                story: The primary goes.
                target: paymets
                faults:
                  - { fault: kil, strikes: primry }
                recovery: failovr
                claims: [ nothing-lst ]
                """))
                .containsExactly(
                        "mine.yaml:4:9: ERROR unknown cluster \"paymets\"\n    HINT: did you mean \"payments\"?",
                        "mine.yaml:6:14: ERROR unknown fault \"kil\"\n    HINT: did you mean \"kill\"?",
                        "mine.yaml:6:28: ERROR \"primry\" is not a role, a host or a server\n"
                                + "    HINT: did you mean \"primary\"?",
                        "mine.yaml:7:11: ERROR \"recovery\" must be one of itself, failover, automatic, mend, not \"failovr\"\n"
                                + "    HINT: did you mean \"failover\"?",
                        "mine.yaml:8:11: ERROR unknown claim \"nothing-lst\"\n"
                                + "    HINT: did you mean \"nothing-lost\"?");
    }

    @Test
    void a_name_that_a_built_in_drill_has_is_refused() throws IOException {
        assertThat(problems(GOOD.replace("drill: mine", "drill: zone-loss")))
                .singleElement()
                .asString()
                .contains("there are two drills called \"zone-loss\"");
    }

    @Test
    void what_is_declared_must_fit_the_engine_and_a_link_has_two_ends() throws IOException {
        assertThat(problems(GOOD.replace("kill", "cut-link") + """
                invariants:
                  - { claim: nobody waits, cluster: social, sql: SELECT 1, expect: "0" }
                """))
                .satisfiesExactly(
                        link -> assertThat(link).contains("mine.yaml:6", "\"from\" is missing"),
                        words -> assertThat(words).contains("mine.yaml:9", "it needs command"));
    }
}
