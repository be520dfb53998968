package dev.holdfast.backup;

import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.Topology;
import java.util.Optional;
import java.util.Set;

/**
 * What a person asks for when data shall be brought back.
 *
 * @param moment the moment to bring back
 * @param into whereto
 * @param overrides codes of single interlocks that are overridden
 * @param timeline on which the moment lies; needed only where several hold it
 * @param system whose backups, by its identifier; needed only where a repository holds those of several
 */
public record RestoreRequest(
        RecoveryTarget moment,
        Destination into,
        Set<String> overrides,
        Optional<Integer> timeline,
        Optional<String> system) {

    public RestoreRequest(RecoveryTarget moment, Destination into, Set<String> overrides) {
        this(moment, into, overrides, Optional.empty(), Optional.empty());
    }

    /** Whether every piece of the repository is read before a restore in place stops anything is overridden. */
    public boolean isUnread() {
        return overrides.contains(DecisionCode.UNREAD.word());
    }

    /** Whether what was brought back in place to this very moment is brought back to it again. */
    public boolean isAgain() {
        return overrides.contains(DecisionCode.RESTORE_AGAIN.word());
    }

    /** Why nothing is done when the moment was brought back in place before. */
    public String already() {
        return "it was brought back to " + moment.shown() + " already, and verified; what was written since is kept."
                + " --override=" + DecisionCode.RESTORE_AGAIN + " brings that moment back once more";
    }

    /** Whereto something is restored. */
    public sealed interface Destination {}

    /**
     * Scratch servers of their own beside the running ones, on free ports of the same hosts; production is not touched.
     *
     * @param label names the scratch servers' folder and the next run that goes on with them or removes them
     */
    public record SideBySide(String label) implements Destination {}

    /** The declared servers themselves; their present data is kept aside until the restore was verified. */
    public record InPlace() implements Destination {}

    /**
     * The declared servers of another estate: the door is given that estate's topology, and works on nothing else.
     *
     * @param source the estate whose backups are restored; only its cluster of the same name and its repository are read
     */
    public record OtherEstate(Topology source) implements Destination {}
}
