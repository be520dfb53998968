package dev.holdfast.backup;

import dev.holdfast.model.Topology;
import java.util.Set;

/**
 * What a person asks for when data shall be brought back.
 *
 * @param moment the moment to bring back
 * @param into whereto
 * @param overrides codes of single interlocks that are overridden
 */
public record RestoreOrder(Moment moment, Into into, Set<String> overrides) {

    /** Overrides that what was brought back in place to this very moment is not brought back to it again. */
    private static final String AGAIN = "again";

    public boolean isAgain() {
        return overrides.contains(AGAIN);
    }

    /** Why nothing is done when the moment was brought back in place before. */
    public String already() {
        return "it was brought back to " + moment.shown() + " already, and verified; what was written since is kept."
                + " --override=" + AGAIN + " brings that moment back once more";
    }

    /** Whereto something is restored. */
    public sealed interface Into {}

    /**
     * Scratch servers of their own beside the running ones, on free ports of the same hosts; production is not touched.
     *
     * @param label names the scratch servers' folder and the next run that goes on with them or removes them
     */
    public record Beside(String label) implements Into {}

    /** The declared servers themselves; their present data is kept aside until the restore was verified. */
    public record InPlace() implements Into {}

    /**
     * The declared servers of another estate: the door is given that estate's topology, and works on nothing else.
     *
     * @param source the estate whose backups are restored; only its cluster of the same name and its repository are read
     */
    public record Elsewhere(Topology source) implements Into {}
}
