package dev.holdfast.mongodb;

import dev.holdfast.plan.StatePage;
import java.util.Arrays;
import java.util.List;

/**
 * One row of the state table in {@code examples/ROLE-CHANGE-STATES-MONGODB.md}.
 *
 * @param ways lists of commands, each of which ends the state
 * @param outcome in words
 */
public record FailoverStateRow(Members members, Failover failover, List<List<String>> ways, String outcome) {

    /** What is left of the set, in the words of the page. */
    public enum Members {
        ALL_RUN("all run"),
        FEW_STOPPED("a minority is stopped"),
        FEW_EMPTY("a minority has no data"),
        FEW_FROZEN("a minority is frozen"),
        MOST_STOPPED("a majority is stopped"),
        MOST_EMPTY("a majority has no data"),
        MOST_GONE("a majority has no folder"),
        MOST_FROZEN("a majority is frozen"),
        SURVIVOR_STOPPED("the survivor is stopped"),
        SURVIVOR_EMPTY("the survivor has no data");

        private final String words;

        Members(String words) {
            this.words = words;
        }
    }

    /** How far a forced failover has come, in the words of the page. */
    public enum Failover {
        NO,
        BEGUN,
        DONE
    }

    /** The rows of the page. */
    public static List<FailoverStateRow> all() {
        return StatePage.rows("ROLE-CHANGE-STATES-MONGODB.md").stream()
                .map(cells -> new FailoverStateRow(
                        Arrays.stream(Members.values())
                                .filter(m -> m.words.equals(cells.get(0)))
                                .findFirst()
                                .orElseThrow(() -> new IllegalArgumentException("no such members: " + cells.get(0))),
                        Failover.valueOf(cells.get(1).toUpperCase(java.util.Locale.ROOT)),
                        StatePage.ways(cells.get(2)),
                        cells.get(3)))
                .toList();
    }

    /** Whether the command is refused with exit 7 until the loss is accepted. */
    public boolean asksForConsent() {
        return outcome.startsWith("exit 7");
    }
}
