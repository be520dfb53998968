package dev.holdfast.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.BuiltIns;
import dev.holdfast.drill.Drill;
import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.FormerClaims;
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

/** Drill files in the folder of a topology file: how they are read, and the messages about mistakes, with their places. */
@Tag("unit")
class DrillFilesTest {

    private static final String GOOD = """
            apiVersion: holdfast.dev/v1
            drill: mine
            description: The primary goes.
            target: payments
            faults:
              - { fault: kill, target: primary }
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
        assertThat(drill.scenario().sentences())
                .singleElement()
                .asString()
                .startsWith("kill: the primary of the group");
        assertThat(drill.claims()).contains("no-acknowledged-write-lost", "other-clients-unaffected", "estate-healthy");
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
        assertThat(drill.scenario().sentences())
                .satisfiesExactly(
                        first -> assertThat(first).contains("drop-packets", "host d1", "for 20000 ms"),
                        second -> assertThat(second).contains("kill", "2000 ms after the first"));
        assertThat(drill.circumstances().own()).containsKey("payments");
        assertThat(drill.circumstances().invariants()).hasSize(1);
        assertThat(drill.claims()).contains("custom-invariants");
    }

    @Test
    void mistakes_are_found_together_each_with_its_place_and_what_was_meant() throws IOException {
        assertThat(problems("""
                apiVersion: holdfast.dev/v1
                drill: mine
                description: The primary goes.
                target: paymets
                faults:
                  - { fault: kil, target: primry }
                recovery: failovr
                claims: [ estate-helthy ]
                """))
                .containsExactly(
                        "mine.yaml:4:9: ERROR unknown cluster \"paymets\"\n    HINT: did you mean \"payments\"?",
                        "mine.yaml:6:14: ERROR unknown fault \"kil\"\n    HINT: did you mean \"kill\"?",
                        "mine.yaml:6:27: ERROR \"primry\" is not a role, a host or a server\n"
                                + "    HINT: did you mean \"primary\"?",
                        "mine.yaml:7:11: ERROR \"recovery\" must be one of itself, failover, automatic, revert, not \"failovr\"\n"
                                + "    HINT: did you mean \"failover\"?",
                        "mine.yaml:8:11: ERROR unknown claim \"estate-helthy\"\n"
                                + "    HINT: did you mean \"estate-healthy\"?");
    }

    @Test
    void former_words_mean_the_same_and_are_deprecated_with_their_places() throws IOException {
        TopologyFile.Loaded loaded = load("""
                apiVersion: holdfast.dev/v1
                drill: mine
                story: The primary goes.
                target: payments
                faults:
                  - { fault: freeze, strikes: primary }
                  - { fault: lossy, target: d1 }
                recovery: mend
                claims: [ nothing-lost, estate-healthy, ran-to-its-end ]
                """);
        assertThat(loaded.problems())
                .extracting(p -> p.toString().substring(p.toString().indexOf("mine.yaml")))
                .containsExactly(
                        "mine.yaml:3:1: WARN DEPRECATED: the key story has a new name\n    HINT: use description",
                        "mine.yaml:6:14: WARN DEPRECATED: the fault freeze has a new name\n    HINT: use pause",
                        "mine.yaml:6:22: WARN DEPRECATED: the key strikes has a new name\n    HINT: use target",
                        "mine.yaml:7:14: WARN DEPRECATED: the fault lossy has a new name\n    HINT: use drop-packets",
                        "mine.yaml:8:11: WARN DEPRECATED: the recovery mend has a new name\n    HINT: use revert",
                        "mine.yaml:9:11: WARN DEPRECATED: the claim nothing-lost has a new name\n"
                                + "    HINT: use no-acknowledged-write-lost",
                        "mine.yaml:9:41: WARN DEPRECATED: the claim ran-to-its-end has a new name\n"
                                + "    HINT: use drill-completed");
        assertThat(loaded.problems()).allMatch(Problem::isDeprecation);
        Drill drill = loaded.drills().get(0);
        assertThat(drill.claims()).containsExactly("no-acknowledged-write-lost", "estate-healthy", "drill-completed");
        assertThat(drill.scenario().sentences().get(0)).startsWith("pause: the primary of the group");
        assertThat(drill.scenario().recoveredBy()).contains("after the revert");
    }

    /** A former word in the list of built-in drills would name a claim that nothing judges. */
    @Test
    void built_in_drills_name_only_claims_that_are_judged() {
        List<String> known = BuiltIns.checks().stream().map(Check::name).toList();
        assertThat(BuiltIns.drills())
                .allSatisfy(d -> assertThat(d.claims()).as(d.name()).isSubsetOf(known));
        assertThat(known).extracting(FormerClaims::present).isEqualTo(known);
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
        assertThat(problems(GOOD.replace("kill", "partition-link") + """
                invariants:
                  - { claim: nobody waits, cluster: social, sql: SELECT 1, expect: "0" }
                """))
                .satisfiesExactly(
                        link -> assertThat(link).contains("mine.yaml:6", "\"from\" is missing"),
                        words -> assertThat(words).contains("mine.yaml:9", "it needs command"));
    }
}
