package dev.holdfast.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A decision table as the tests of a class saw it decide. When all of them have run, every row must have decided at least
 * once, and the table with one real decision per row must be what {@code examples/DECISION-TABLES.md} prints; with
 * {@code -Dholdfast.golden=write} it is written there.
 */
public final class DecisionTable implements AfterEachCallback, AfterAllCallback {

    private static final Path FILE = Path.of("..", "examples", "DECISION-TABLES.md");

    private static final Pattern OVERRIDE = Pattern.compile("--override=([a-z-]+)");

    /** A command, an option of the same command, or the machine where the same command works. */
    private static final Pattern WAY_OUT = Pattern.compile(
            "holdfast (apply|status|plan|failover|switchover|rejoin|restore|backup)\\b|--(to|override=|accept-data-loss)\\b"
                    + "|run the command on a (host|machine) ");

    private final String title;
    private final List<? extends DecisionRule<?, ?>> rules;
    private final List<String> rows;
    private final TreeMap<Integer, String> outcomes = new TreeMap<>();
    private int tests;

    public <S, D> DecisionTable(String title, List<DecisionRule<S, D>> table) {
        this.title = title;
        this.rules = table;
        this.rows = table.stream().map(DecisionRule::when).toList();
    }

    /** @param outcome in words, when it is not refused */
    public synchronized void recordRow(Decision<?> decision, String outcome, ExitCode exit, String hint) {
        int row = rows.indexOf(decision.when());
        if (row >= 0) {
            String then = exit == ExitCode.DONE ? outcome : "refused, exit " + exit.code() + ": " + hint;
            DecisionRule<?, ?> rule = rules.get(row);
            if (exit == ExitCode.DONE) {
                assertThat(rule.code().exits()).as(rule.code() + " refuses").isEmpty();
            } else {
                assertThat(rule.code().exits())
                        .as("exit codes of " + rule.code())
                        .contains(exit);
                assertThat(decision.code().exits())
                        .as("exit codes of " + decision.code())
                        .contains(exit);
            }
            if (exit != ExitCode.DONE) {
                assertThat(hint).as("the way out of " + rule.code()).containsPattern(WAY_OUT);
            }
            if (exit != ExitCode.DONE && decision.code() == rule.code()) {
                assertThat(OVERRIDE.matcher(hint).results().map(m -> m.group(1)))
                        .as("overrides in the hint of " + rule.code() + ": " + hint)
                        .containsAll(
                                rule.override().map(DecisionCode::word).stream().toList())
                        .isSubsetOf(overrides());
            }
            String line = "| " + (row + 1) + " | `" + rule.code() + "` | " + cell(decision.when()) + " | " + cell(then)
                    + " | " + cell(decision.because()) + " |";
            outcomes.merge(row, line, (a, b) -> a.compareTo(b) <= 0 ? a : b);
        }
    }

    private List<String> overrides() {
        return rules.stream()
                .flatMap(r -> r.override().stream())
                .map(DecisionCode::word)
                .toList();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }

    @Override
    public synchronized void afterEach(ExtensionContext context) {
        tests++;
    }

    @Override
    public synchronized void afterAll(ExtensionContext context) throws IOException {
        long all = Arrays.stream(context.getRequiredTestClass().getDeclaredMethods())
                .filter(m -> m.isAnnotationPresent(Test.class))
                .count();
        if (tests < all) {
            return;
        }
        for (int row = 0; row < rows.size(); row++) {
            assertThat(outcomes).as("a test of the row: " + rows.get(row)).containsKey(row);
        }
        String section = "## " + title + "\n\n| | code | when | then | because, for example |\n|---|---|---|---|---|\n"
                + String.join("\n", outcomes.values()) + "\n";
        if ("write".equals(System.getProperty("holdfast.golden"))) {
            write(section);
        }
        assertThat(Files.readString(FILE))
                .as("run with -Dholdfast.golden=write and read the difference")
                .contains(section);
    }

    private void write(String section) throws IOException {
        synchronized (DecisionTable.class) {
            String text = Files.readString(FILE);
            int begin = text.indexOf("## " + title + "\n");
            int end = begin < 0 ? -1 : text.indexOf("\n## ", begin);
            String before = begin < 0 ? text.stripTrailing() + "\n\n" : text.substring(0, begin);
            String after = end < 0 ? "" : text.substring(end);
            Files.writeString(FILE, before + section + after);
        }
    }
}
