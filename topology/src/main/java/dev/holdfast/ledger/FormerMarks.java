package dev.holdfast.ledger;

import java.util.Map;

/** The former names of marks, which readers still accept, because ledgers of earlier versions contain them for good. */
final class FormerMarks {

    private static final Map<String, String> PRESENT = Map.ofEntries(
            Map.entry("break", "fault"),
            Map.entry("also broken", "further fault"),
            Map.entry("mended", "reverted"),
            Map.entry("heal", "repair"),
            Map.entry("whole", "healthy"),
            Map.entry("not whole", "not healthy"),
            Map.entry("broken off", "ended early"),
            Map.entry("home", "primary returned"),
            Map.entry("not home", "primary not returned"),
            Map.entry("moment from", "target from"),
            Map.entry("moment until", "target until"));

    private FormerMarks() {}

    /** Returns the present name of a mark, which can be the given one. */
    static String present(String name) {
        return PRESENT.getOrDefault(name, name);
    }
}
