package dev.holdfast.postgres.backup;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExtendedClusterState;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.value.Lsn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the servers, their hosts and the repository said.
 *
 * @param now the servers
 * @param shelf the repository
 * @param reader on whose host it was read
 * @param waiting what the primary says of log that is not archived: {@code postgres/vault-waiting.sql}
 */
public record BackupState(PostgresState now, RepositoryState shelf, Optional<Node> reader, ActionResult waiting)
        implements ExtendedClusterState {

    /** Base copies that one recovery can go through to the same end of the archive. */
    record RecoveryRange(List<BaseBackup> copies, long last) {
        BaseBackup first() {
            return copies.get(0);
        }
    }

    @Override
    public ClusterState observed() {
        return now;
    }

    /** What can be reached on a timeline that was left: no server writes to it any more. */
    BackupState on(int timeline) {
        return new BackupState(
                now, shelf.on(timeline), reader, ActionResult.silent("timeline " + timeline + " was left"));
    }

    /** The same without the pieces that were found to be damaged. */
    public BackupState without(RepositoryVerification reading) {
        return new BackupState(now, shelf.without(reading.segments(), reading.labels()), reader, waiting);
    }

    /** What can be reached, oldest first; between two stretches segments are missing. */
    List<RecoveryRange> stretches() {
        WalArchiveTimeline lineage = shelf.lineage();
        List<RecoveryRange> stretches = new ArrayList<>();
        for (BaseBackup copy : shelf.copies()) {
            long reach = lineage.descendsFrom(copy) ? lineage.reach(copy.first()) : -1;
            if (reach < copy.last()) {
                continue;
            }
            int newest = stretches.size() - 1;
            if (newest >= 0 && stretches.get(newest).last() == reach) {
                List<BaseBackup> more = new ArrayList<>(stretches.get(newest).copies());
                more.add(copy);
                stretches.set(newest, new RecoveryRange(more, reach));
            } else {
                stretches.add(new RecoveryRange(List.of(copy), reach));
            }
        }
        return stretches;
    }

    /** Where the log is missing between the first base copy and the last archived segment, over all timelines. */
    List<WalArchiveTimeline.Gap> holes() {
        WalArchiveTimeline lineage = shelf.lineage();
        return shelf.copies().stream()
                .filter(lineage::descendsFrom)
                .findFirst()
                .map(c -> lineage.holes(c.first()))
                .orElse(List.of());
    }

    public Optional<BaseBackup> newest() {
        List<BaseBackup> copies = shelf.copies();
        return copies.isEmpty() ? Optional.empty() : Optional.of(copies.get(copies.size() - 1));
    }

    /** Somebody was promoted since the newest base copy: a restore then has to go through the promotion. */
    public boolean isStale() {
        int timeline =
                now.primary().map(p -> p.server().timeline()).filter(t -> t > 0).orElse(shelf.newest());
        return newest().filter(c -> c.timeline() < timeline).isPresent();
    }

    private Map<String, Object> facts() {
        return waiting.isOk() ? waiting.row() : Map.of();
    }

    private Optional<Double> number(String name) {
        return Optional.ofNullable(facts().get(name)).map(Object::toString).map(Double::parseDouble);
    }

    Optional<Long> waitingBytes() {
        return number("bytes").map(Double::longValue);
    }

    double waitingSeconds() {
        return number("seconds").orElse(0.0);
    }

    public boolean isFailing() {
        return String.valueOf(facts().get("failing")).startsWith("t");
    }

    String failed() {
        return String.valueOf(facts().get("last_failed_wal"));
    }

    /** Bytes of all databases; empty when no primary told. */
    Optional<Long> databaseSize() {
        return number("size").map(Double::longValue);
    }

    /** The servers' clock; empty when no primary told. */
    Optional<Instant> serverTime() {
        return number("now").map(s -> Instant.ofEpochMilli((long) (s * 1000)));
    }

    /** Where the primary's log ends. */
    public Lsn end() {
        return Lsn.at(facts().containsKey("lsn") ? String.valueOf(facts().get("lsn")) : "");
    }

    /** The primary lives and archives: what it has not archived yet can be archived now. */
    boolean canArchive() {
        return waiting.isOk() && now.primary().isPresent() && !isFailing();
    }
}
