package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.run.FormerOverrides;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** An estate of which nothing answers: no command calls it as declared or healthy. */
@Tag("unit")
class UnreachableEstateTest {

    private static final String HEAD = """
            apiVersion: holdfast.dev/v1
            name: shop
            environment: production
            hosts:
              db1: { address: 127.34.99.1, zone: r1, region: paris, reach: { ssh: { user: dba, port: 1 } } }
            clusters:
              orders:\
            """;

    @TempDir
    Path folder;

    private record Ended(int exit, String out, String err) {}

    private Ended run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> args = new ArrayList<>(List.of(words));
        args.addAll(List.of("-f", folder.resolve("estate.yaml").toString()));
        int exit = Main.run(
                Map.of("HOLDFAST_HOME", folder.resolve("home").toString()),
                false,
                new PrintWriter(out),
                new PrintWriter(err),
                args.toArray(String[]::new));
        return new Ended(exit, out.toString(), err.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{ engine: postgresql, primary: db1 }", "{ engine: mongodb, replicaSet: [ db1 ] }"})
    void is_not_called_as_declared_or_healthy(String cluster) throws IOException {
        Files.writeString(folder.resolve("estate.yaml"), HEAD + " " + cluster + "\n");
        Ended plan = run("plan");
        assertThat(plan.exit()).as(plan.toString()).isEqualTo(10);
        assertThat(plan.out()).doesNotContain("as declared");
        assertThat(plan.err()).contains("orders/").contains("/db1: ").contains("does not");
        Ended status = run("status", "--exit-code");
        assertThat(status.exit()).as(status.toString()).isEqualTo(10);
        Ended plugin = run("status", "--nagios");
        assertThat(plugin.exit()).as(plugin.toString()).isEqualTo(2);
        assertThat(plugin.out()).startsWith("HOLDFAST CRITICAL - shop: ").contains("| nodes_up=0;1:;1:;0;1 ");
        Ended apply = run("apply", "--yes");
        assertThat(apply.exit()).as(apply.toString()).isEqualTo(10);
        assertThat(apply.out()).doesNotContain("nothing to do");
    }

    @ParameterizedTest
    @CsvSource({
        "failover, silent, others-silent",
        "failover, again, failover-again",
        "switchover, lag, candidate-lag",
        "restore, again, restore-again"
    })
    void a_former_word_of_override_is_accepted_with_a_warning(String command, String word, String code)
            throws IOException {
        String backup = ", backup: { repository: /backup }";
        Files.writeString(
                folder.resolve("estate.yaml"), HEAD + " { engine: mongodb, replicaSet: [ db1 ]" + backup + " }\n");
        List<String> words = new ArrayList<>(List.of(command, "orders", "--dry-run"));
        if (command.equals("restore")) {
            words.addAll(List.of("--to", "latest", "--into", "in-place"));
        }
        words.add("--override=" + word);
        Ended former = run(words.toArray(String[]::new));
        assertThat(former.err()).contains("DEPRECATED: --override=" + word).contains("HINT: use --override=" + code);
        words.set(words.size() - 1, "--override=" + code);
        Ended present = run(words.toArray(String[]::new));
        assertThat(present.err()).doesNotContain("DEPRECATED").contains("CODE: ");
        assertThat(former.exit())
                .as(former.toString())
                .isEqualTo(present.exit())
                .isNotIn(1, 3, 64);
    }

    @Test
    void a_former_word_has_the_effect_of_its_code() {
        Set<String> given = new LinkedHashSet<>(List.of("priority", "silent", "again"));
        CommandSpec spec = new CommandLine(CommandSpec.create()).getCommandSpec();
        assertThat(FormerOverrides.replaced(spec, "switchover", Set.of("lag"))).containsExactly("candidate-lag");
        assertThat(FormerOverrides.replaced(spec, "failover", given))
                .containsExactly("priority", "others-silent", "failover-again");
        assertThat(FormerOverrides.replaced(spec, "restore", Set.of("again"))).containsExactly("restore-again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lag", "Failover-Again", "data-loss", "nonsense"})
    void a_word_that_is_no_override_is_a_usage_error(String word) throws IOException {
        Files.writeString(folder.resolve("estate.yaml"), HEAD + " { engine: mongodb, replicaSet: [ db1 ] }\n");
        Ended refused = run("failover", "orders", "--dry-run", "--override=" + word);
        assertThat(refused.exit()).isEqualTo(64);
        assertThat(refused.err()).contains("--override=" + word).contains("HINT:");
    }
}
