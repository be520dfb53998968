package dev.holdfast.postgres.backup;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExtendedClusterState;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.state.ArchivingState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.value.Lsn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The observed state of the servers, their hosts and the repository.
 *
 * @param now state of the servers
 * @param repository state of the repository
 * @param reader the node whose host read it
 * @param waiting the primary's answer about WAL that is not archived: {@code postgres/archive-backlog.sql}
 */
public record BackupState(PostgresState now, RepositoryState repository, Optional<Node> reader, ActionResult waiting)
        implements ExtendedClusterState {

    /** Base backups from which a recovery reaches the same end of the archive. */
    record RecoveryRange(List<BaseBackup> copies, long last) {
        BaseBackup first() {
            return copies.get(0);
        }
    }

    @Override
    public ClusterState observed() {
        return now;
    }

    /** Returns the same for a timeline that the servers have left: no server writes to it. */
    BackupState on(int timeline) {
        return new BackupState(
                now, repository.on(timeline), reader, ActionResult.silent("timeline " + timeline + " was left"));
    }

    /** Returns the same without damaged pieces. */
    public BackupState without(RepositoryVerification reading) {
        return new BackupState(now, repository.without(reading.segments(), reading.labels()), reader, waiting);
    }

    /** Returns the stretches that can be restored, oldest first; segments are missing between two stretches. */
    List<RecoveryRange> stretches() {
        WalArchiveTimeline lineage = repository.lineage();
        List<RecoveryRange> stretches = new ArrayList<>();
        for (BaseBackup copy : repository.copies()) {
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

    /** Returns the position at which a stretch ends. */
    Lsn end(RecoveryRange stretch) {
        return repository.lineage().end(stretch.last());
    }

    /** Returns the gaps in the WAL between the first base backup and the last archived segment, over all timelines. */
    List<WalArchiveTimeline.Gap> holes() {
        WalArchiveTimeline lineage = repository.lineage();
        return repository.copies().stream()
                .filter(lineage::descendsFrom)
                .findFirst()
                .map(c -> lineage.holes(c.first()))
                .orElse(List.of());
    }

    public Optional<BaseBackup> newest() {
        List<BaseBackup> copies = repository.copies();
        return copies.isEmpty() ? Optional.empty() : Optional.of(copies.get(copies.size() - 1));
    }

    /** Returns whether a member was promoted since the newest base backup: a restore must then replay the promotion. */
    public boolean isStale() {
        int timeline =
                now.primary().map(p -> p.server().timeline()).filter(t -> t > 0).orElse(repository.newest());
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

    private Optional<ArchivingState> archiving() {
        return now.primary().map(now::archive);
    }

    /** Returns the cause of a failing archiver, as the end of a sentence; empty when nothing shows it. */
    String whyFailing() {
        return archiving()
                .map(ArchivingState::cause)
                .filter(c -> !c.isEmpty())
                .map(c -> "; " + c)
                .orElse("");
    }

    /** Returns what an operator does about a failing archiver. */
    String failingRemedy() {
        if (archiving().filter(ArchivingState::isForeign).isPresent()) {
            return now.cluster().automatic().isPresent()
                    ? "holdfast plan names the archived files that a person moves out of the archive"
                    : "holdfast apply sets the WAL of the other server aside, and the primary then archives its own";
        }
        return "read the server log of the primary; holdfast apply corrects a wrong archive_command";
    }

    /** Returns the bytes of all databases; empty without an answer of a primary. */
    Optional<Long> databaseSize() {
        return number("size").map(Double::longValue);
    }

    /** Returns the clock of the servers; empty without an answer of a primary. */
    Optional<Instant> serverTime() {
        return number("now").map(s -> Instant.ofEpochMilli((long) (s * 1000)));
    }

    /** Returns the end of the primary's WAL. */
    public Lsn end() {
        return Lsn.at(facts().containsKey("lsn") ? String.valueOf(facts().get("lsn")) : "");
    }

    /** Returns whether the primary answers and archives: it can archive its remaining WAL now. */
    boolean canArchive() {
        return waiting.isOk() && now.primary().isPresent() && !isFailing();
    }
}
