package dev.holdfast.postgres.state;

import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.postgres.state.DirectoryRecords.Control;
import dev.holdfast.postgres.state.DirectoryRecords.WalEnd;
import dev.holdfast.postgres.state.DirectoryRecords.WalTimeline;

/**
 * The control file of a server that is not running, with what its WAL adds.
 *
 * @param systemIdentifier empty when nothing is known
 * @param state such as {@code shut down}
 * @param checkpointLsn the LSN of the latest checkpoint
 * @param timeline the newest timeline in its control file or, for a primary, its WAL; the control file lags behind a promotion
 * @param recoveryLsn the LSN up to which a standby must replay; its WAL can end later
 * @param walEnd the end of WAL of a standby; empty when it was not read
 * @param history the earlier timelines, as TIMELINE LSN with commas between
 */
public record ControlFile(
        String systemIdentifier,
        String state,
        String checkpointLsn,
        int timeline,
        String recoveryLsn,
        String walEnd,
        String history) {

    /** The control file of a server that runs, or has no database. */
    public static final ControlFile UNKNOWN = new ControlFile("", "", "", 0, "", "", "");

    /** @param answer of the host, about the node with this id */
    static ControlFile of(String id, ScriptAnswer answer) {
        int inWal = answer.first(WalTimeline.class, r -> r.id().equals(id))
                .map(WalTimeline::timeline)
                .orElse(0);
        String walEnd = answer.first(WalEnd.class, r -> r.id().equals(id))
                .map(WalEnd::lsn)
                .orElse("");
        return answer.first(Control.class, r -> r.id().equals(id))
                .map(c -> new ControlFile(
                        c.systemIdentifier(),
                        c.state(),
                        c.checkpointLsn(),
                        Math.max(inWal, Math.max(c.timeline(), c.recoveryTimeline())),
                        c.recoveryLsn(),
                        walEnd,
                        c.history()))
                .orElse(new ControlFile("", "", "", inWal, "", walEnd, ""));
    }
}
