package dev.holdfast.backup;

import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.Topology;
import java.util.Optional;
import java.util.Set;

/**
 * The operator's request for a restore: recovery target, destination and overrides.
 *
 * @param moment the recovery target
 * @param into the place of the restored data
 * @param overrides the codes of the overridden preconditions
 * @param timeline the timeline of the recovery target; needed only when several contain it
 * @param system the identifier of the backed-up system; needed only when a repository has several
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

    /** Whether the operator overrides that every file of the repository is read before a restore in place stops a server. */
    public boolean isUnread() {
        return overrides.contains(DecisionCode.UNREAD.word());
    }

    /** Whether what was brought back in place to this very moment is brought back to it again. */
    public boolean isAgain() {
        return overrides.contains(DecisionCode.RESTORE_AGAIN.word());
    }

    /** Returns why nothing is done when an earlier restore in place reached the same target. */
    public String already() {
        return "an earlier restore reached " + moment.shown() + " and was verified; later writes are kept."
                + " --override=" + DecisionCode.RESTORE_AGAIN + " restores to that target again";
    }

    /** The place of the restored data. */
    public sealed interface Destination {}

    /**
     * Separate scratch servers next to the running ones, on free ports of the same hosts; production is not changed.
     *
     * @param label the name of the scratch servers' directory, for the run that continues with them or removes them
     */
    public record SideBySide(String label) implements Destination {}

    /** The declared servers themselves; their current data is kept until the restore is verified. */
    public record InPlace() implements Destination {}

    /**
     * The declared servers of another estate: the provider receives that estate's topology, and changes nothing else.
     *
     * @param source the estate the estate of the backups; only its cluster of the same name and its repository are read
     */
    public record OtherEstate(Topology source) implements Destination {}
}
