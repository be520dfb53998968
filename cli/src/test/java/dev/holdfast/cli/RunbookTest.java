package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.files.LedgerFile;
import dev.holdfast.cli.files.StateDirectory;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.HostAccess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The written runbooks: those of SwapSkill are in its folder; those of odd estates are whole, too. */
@Tag("unit")
class RunbookTest {

    private static final Path SWAPSKILL = RealEstate.repositoryFolder().resolve("examples/swapskill");

    @TempDir
    Path folder;

    private String runbook(Path topology, String... more) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> args = new java.util.ArrayList<>(List.of("runbook", "-f", topology.toString()));
        args.addAll(List.of(more));
        int exit = Main.run(
                Map.of("HOLDFAST_HOME", folder.resolve("home").toString()),
                false,
                new PrintWriter(out),
                new PrintWriter(err),
                args.toArray(String[]::new));
        assertThat(err.toString()).isEmpty();
        assertThat(exit).isZero();
        return out.toString();
    }

    /** After a wanted change of words: {@code HOLDFAST_REWRITE=1 mvn test -Dtest=RunbookTest}. */
    @Test
    void the_runbooks_of_swapskill_are_those_in_its_folder() throws IOException {
        Path golden = SWAPSKILL.resolve("runbooks");
        Path made = folder.resolve("made");
        String written = runbook(SWAPSKILL.resolve("topology.yaml"), "--out", made.toString());
        assertThat(written.lines()).allMatch(f -> f.startsWith(made + "/"));
        Map<String, String> now = pages(made);
        if (System.getenv("HOLDFAST_REWRITE") != null) {
            rewrite(golden, now);
        }
        assertThat(now)
                .as("after a wanted change of words: HOLDFAST_REWRITE=1 mvn test -Dtest=RunbookTest")
                .isEqualTo(pages(golden));
        assertThat(now).hasSizeGreaterThan(15);
    }

    private static void rewrite(Path golden, Map<String, String> pages) throws IOException {
        Files.createDirectories(golden);
        for (String old : pages(golden).keySet()) {
            Files.delete(golden.resolve(old));
        }
        for (Map.Entry<String, String> page : pages.entrySet()) {
            Files.writeString(golden.resolve(page.getKey()), page.getValue());
        }
    }

    private static Map<String, String> pages(Path pages) throws IOException {
        Map<String, String> all = new java.util.TreeMap<>();
        try (Stream<Path> files = Files.list(pages)) {
            for (Path file : files.toList()) {
                String text = Files.readString(file);
                String usual = Path.of(StateDirectory.defaultDirectory("swapskill", new HostAccess.Local()))
                        .getParent()
                        .toString();
                all.put(file.getFileName().toString(), text.replace(usual, "/var/lib/holdfast"));
            }
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ engine: mongodb, replicaSet: [ m1 ] }",
                "{ engine: mongodb, replicaSet: [ m1, m2, m3, m4, m5 ] }",
                "{ engine: mongodb, replicaSet: [ m1, { host: m2, arbiter: true }, { host: m3, priority: 0 } ] }",
                "{ engine: mongodb, replicaSet: [ m1, m2, { host: m3, hidden: true, priority: 0, delay: 1h } ] }",
                "{ engine: postgresql, primary: m1 }",
                "{ engine: postgresql, primary: m1, standbys: { m2: sync, m3: sync }, synchronous: ANY 2 }",
                "{ engine: postgresql, primary: m1, dr: { m2: async } }",
                "{ engine: postgresql, durability: fast, primary: m1, standbys: { m2: async }, proxy: [ m1 ] }"
            })
    void on_every_occasion_the_table_lets_it_go_on_and_there_are_steps(String cluster) throws IOException {
        Path topology = Files.writeString(folder.resolve("topology.yaml"), """
                apiVersion: holdfast.dev/v1
                name: odd
                environment: lab
                hosts:
                  m1: { address: 127.0.7.1, reach: local }
                  m2: { address: 127.0.7.2, reach: local }
                  m3: { address: 127.0.7.3, reach: local }
                  m4: { address: 127.0.7.4, reach: local }
                  m5: { address: 127.0.7.5, reach: local }
                clusters:
                  things: CLUSTER
                """.replace("CLUSTER", cluster));
        String text = runbook(topology);
        assertThat(text).contains("# Create things");
        Matcher decided = Pattern.compile("In this example: \\*\\*(.*?)\\*\\*").matcher(text);
        while (decided.find()) {
            assertThat(decided.group(1)).as(text).isNotIn("refused", "nothing is done");
        }
        for (String page : text.split("(?m)^# ")) {
            assertThat(page.isEmpty() || page.contains("\n* **")).as(page).isTrue();
        }
    }

    @Test
    void a_step_states_how_long_it_took_when_it_was_last_done_on_whatever_node() throws IOException {
        measured("2026-01-01T00:00:00Z", "Promote a2", 900);
        measured("2026-01-02T00:00:00Z", "Promote b2", 1250);
        assertThat(runbook(SWAPSKILL.resolve("topology.yaml")))
                .contains("until b2 is primary, within 60 s; last took 1.25 s (20")
                .contains("until d1 is primary, within 60 s; last took 1.25 s (20");
    }

    private void measured(String run, String step, int millis) throws IOException {
        Path file = new StateDirectory(
                        Map.of("HOLDFAST_HOME", folder.resolve("home").toString()))
                .ledger("swapskill", "switchover", Instant.parse(run));
        try (LedgerFile ledger = new LedgerFile(file, entry -> {})) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("cluster", "payments");
            facts.put("step", step);
            facts.put("took_ms", millis);
            ledger.note(Ledger.Kind.STEP_DONE, facts);
        }
        Files.writeString(file, "{\"kind\":\"STEP_DONE\",\"clust", java.nio.file.StandardOpenOption.APPEND);
    }
}
