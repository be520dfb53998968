package dev.holdfast.postgres.state;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One line of the history of primaries and synchronous standbys. Every member's directory has a copy; the newest epoch on any
 * host counts.
 *
 * @param epoch counter that only rises during the life of the cluster
 * @param event {@link #IN_SYNC}, {@link #OPEN} or {@link #FAILOVER}
 * @param names the value of synchronous_standby_names for which enough standbys were observed in sync; empty when none is
 *     certain
 */
public record SyncHistoryEntry(long epoch, Instant at, int timeline, String primary, String event, String names) {

    /** Commits were observed to wait for the named standbys. */
    public static final String IN_SYNC = "in-sync";
    /** From here on, commits can have been acknowledged without a standby. */
    public static final String OPEN = "open";
    /** A failover. */
    public static final String FAILOVER = "failover";

    public static Optional<SyncHistoryEntry> of(String line) {
        String[] f = line.split("\t", 6);
        try {
            return Optional.of(new SyncHistoryEntry(
                    Long.parseLong(f[0]), Instant.parse(f[1]), Integer.parseInt(f[2]), f[3], f[4], f[5]));
        } catch (RuntimeException torn) {
            return Optional.empty();
        }
    }

    public String line() {
        return String.join(
                "\t", Long.toString(epoch), at.toString(), Integer.toString(timeline), primary, event, names);
    }

    public List<String> inSync() {
        return event.equals(IN_SYNC) ? SynchronousStandbyNames.parse(names) : List.of();
    }
}
