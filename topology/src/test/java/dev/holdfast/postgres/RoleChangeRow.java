package dev.holdfast.postgres;

import dev.holdfast.plan.StatePage;
import java.util.Arrays;
import java.util.List;

/**
 * One row of the state table in {@code examples/ROLE-CHANGE-STATES.md}.
 *
 * @param ways lists of commands, each of which ends the state
 * @param outcome in words
 */
public record RoleChangeRow(Old old, Candidate candidate, List<List<String>> ways, String outcome) {

    /** What is left of the old primary a1, in the words of the page. */
    public enum Old {
        ANSWERS("answers"),
        STOPPED("stopped, no fence"),
        FENCED("stopped, fenced"),
        HOST_SILENT("host does not answer"),
        FOLDER_GONE("folder is gone");

        private final String words;

        Old(String words) {
            this.words = words;
        }
    }

    /** What is left of the candidate b1, in the words of the page. */
    public enum Candidate {
        RUNS("runs"),
        LACKS("runs, may lack commits"),
        STOPPED("stopped"),
        GONE("folder is gone"),
        BROKEN("cannot start"),
        PROMOTED_RUNS("promoted, runs"),
        PROMOTED_STOPPED("promoted, stopped"),
        PROMOTED_GONE("promoted, folder is gone");

        private final String words;

        Candidate(String words) {
            this.words = words;
        }

        public boolean isPromoted() {
            return name().startsWith("PROMOTED");
        }
    }

    /** The rows of the page. */
    public static List<RoleChangeRow> all() {
        return StatePage.rows("ROLE-CHANGE-STATES.md").stream()
                .map(cells -> new RoleChangeRow(
                        Arrays.stream(Old.values())
                                .filter(o -> o.words.equals(cells.get(0)))
                                .findFirst()
                                .orElseThrow(() -> new IllegalArgumentException("not an old primary: " + cells.get(0))),
                        Arrays.stream(Candidate.values())
                                .filter(c -> c.words.equals(cells.get(1)))
                                .findFirst()
                                .orElseThrow(() -> new IllegalArgumentException("not a candidate: " + cells.get(1))),
                        StatePage.ways(cells.get(2)),
                        cells.get(3)))
                .toList();
    }

    /** Whether the command is refused with exit 7 until the loss is accepted. */
    public boolean asksForConsent() {
        return outcome.startsWith("exit 7");
    }

    @Override
    public String toString() {
        return "a1 " + old.words + ", b1 " + candidate.words;
    }

    /** The impossible combinations. That a member may lack commits matters only where nothing else decides. */
    static boolean isPossible(Old old, Candidate candidate) {
        return candidate != Candidate.LACKS || old == Old.STOPPED || old == Old.FENCED;
    }
}
