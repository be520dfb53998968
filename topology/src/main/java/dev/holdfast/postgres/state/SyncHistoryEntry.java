package dev.holdfast.postgres.state;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One line of the record of who was in sync and who was primary, kept in every member's folder; the newest epoch counts,
 * on whichever host it is found.
 *
 * @param epoch counts up over the life of the cluster
 * @param event {@link #IN_SYNC}, {@link #OPEN} or {@link #FAILOVER}
 * @param names the value of synchronous_standby_names of which was seen that as many standbys were in sync; empty when
 *     nobody is surely in sync
 */
public record SyncHistoryEntry(long epoch, Instant at, int timeline, String primary, String event, String names) {

    /** Commits were seen to wait for the standbys that are named. */
    public static final String IN_SYNC = "in-sync";
    /** Commits may have been acknowledged without a standby from here on. */
    public static final String OPEN = "open";
    /** An unplanned change of the primary. */
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
