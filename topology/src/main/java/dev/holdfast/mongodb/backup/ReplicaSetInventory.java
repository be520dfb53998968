package dev.holdfast.mongodb.backup;

import dev.holdfast.mongodb.value.ClusterTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The repository's contents for one replica set.
 *
 * @param copies the backups, oldest first
 * @param chains the archived ranges without gaps, oldest first
 * @param archived the archiver's last report: a position and its time
 * @param gaps names of files in which the archiver recorded gaps, where servers no longer had the next operations
 * @param parts incomplete files of killed runs
 */
public record ReplicaSetInventory(
        String set,
        List<MemberBackup> copies,
        List<OplogChain> chains,
        Optional<Archived> archived,
        List<String> gaps,
        List<String> parts) {

    /** The age of a report after which an archiver counts as stopped; a running one reports every few seconds. */
    static final Duration SILENT = Duration.ofSeconds(30);

    /** The archiver's last report. */
    public record Archived(ClusterTime stamp, Instant when) {}

    /** A range of cluster times, both ends included. */
    public record RecoveryRange(ClusterTime from, ClusterTime to) {
        Optional<RecoveryRange> with(RecoveryRange other) {
            ClusterTime later = ClusterTime.max(from, other.from);
            ClusterTime earlier = ClusterTime.min(to, other.to);
            return later.compareTo(earlier) <= 0 ? Optional.of(new RecoveryRange(later, earlier)) : Optional.empty();
        }

        boolean holds(ClusterTime moment) {
            return moment.compareTo(from) >= 0 && moment.compareTo(to) <= 0;
        }
    }

    public Optional<OplogChain> chain(ClusterTime moment) {
        return chains.stream().filter(c -> c.holds(moment)).findFirst();
    }

    /** Returns where the archive continues after a cluster time that it does not contain and never will; empty if it can. */
    Optional<ClusterTime> missed(ClusterTime moment) {
        return chain(moment).isPresent()
                ? Optional.empty()
                : chains.stream()
                        .map(OplogChain::first)
                        .filter(f -> f.compareTo(moment) > 0)
                        .findFirst();
    }

    /** Returns whether an archiver has reported shortly before. */
    boolean isArchivedAt(Instant now) {
        return archived.filter(a -> a.when().plus(SILENT).isAfter(now)).isPresent();
    }

    /** Returns the recovery window of a complete backup that the archive overlaps. */
    Optional<RecoveryRange> reach(MemberBackup copy) {
        return copy.isWhole() ? chain(copy.top()).map(c -> new RecoveryRange(copy.top(), c.last())) : Optional.empty();
    }

    /** Returns the recovery windows, oldest first, overlaps joined. */
    List<RecoveryRange> stretches() {
        List<RecoveryRange> joined = new ArrayList<>();
        copies.stream()
                .map(this::reach)
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing(RecoveryRange::from))
                .forEach(s -> {
                    RecoveryRange before = joined.isEmpty() ? null : joined.get(joined.size() - 1);
                    if (before != null && s.from().compareTo(before.to()) <= 0) {
                        joined.set(
                                joined.size() - 1,
                                new RecoveryRange(before.from(), ClusterTime.max(before.to(), s.to())));
                    } else {
                        joined.add(s);
                    }
                });
        return joined;
    }

    /** Returns the backup with the shortest replay to a recovery target. */
    public Optional<MemberBackup> copyFor(ClusterTime moment) {
        return copies.stream()
                .filter(c -> reach(c).filter(s -> s.holds(moment)).isPresent())
                .max(Comparator.comparing(MemberBackup::top));
    }

    Optional<MemberBackup> copy(String label) {
        return copies.stream().filter(c -> c.label().equals(label)).findFirst();
    }

    /** Returns the same without damaged parts, named as slice files or backup labels. */
    ReplicaSetInventory without(Set<String> damaged) {
        List<OplogSlice> sound = chains.stream()
                .flatMap(c -> c.slices().stream())
                .filter(s -> !damaged.contains(s.file()))
                .collect(Collectors.toList());
        return new ReplicaSetInventory(
                set,
                copies.stream().filter(c -> !damaged.contains(c.label())).toList(),
                OplogChain.of(sound),
                archived,
                gaps,
                parts);
    }

    /** Returns whether the archiver recorded a gap between the two, for example after a restore in place. */
    boolean isNoted(OplogChain before, OplogChain behind) {
        return gaps.stream()
                .map(g -> g.split("-"))
                .anyMatch(g -> g.length == 3
                        && ClusterTime.of(g[1]).equals(before.last())
                        && ClusterTime.of(g[2]).equals(behind.first()));
    }
}
