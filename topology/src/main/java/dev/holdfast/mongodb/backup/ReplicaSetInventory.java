package dev.holdfast.mongodb.backup;

import dev.holdfast.mongodb.value.ClusterTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the repository has of one replica set.
 *
 * @param copies oldest first
 * @param chains what is archived without a gap, oldest first
 * @param archived how far the archiver said that it was, and when
 * @param gaps names of the files in which the archiver has written down that the servers no longer had what follows
 * @param parts what killed runs have left
 */
public record ReplicaSetInventory(
        String set,
        List<MemberBackup> copies,
        List<OplogChain> chains,
        Optional<Archived> archived,
        List<String> gaps,
        List<String> parts) {

    /** The archiver's last word. */
    public record Archived(ClusterTime stamp, Instant when) {}

    /** From one moment to another, both included. */
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

    /** What can be reached from a copy that is whole and that the archive overlaps. */
    Optional<RecoveryRange> reach(MemberBackup copy) {
        return copy.isWhole() ? chain(copy.top()).map(c -> new RecoveryRange(copy.top(), c.last())) : Optional.empty();
    }

    /** What can be reached, oldest first and joined where it overlaps. */
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

    /** The copy from which the way to a moment is shortest. */
    public Optional<MemberBackup> copyFor(ClusterTime moment) {
        return copies.stream()
                .filter(c -> reach(c).filter(s -> s.holds(moment)).isPresent())
                .max(Comparator.comparing(MemberBackup::top));
    }

    Optional<MemberBackup> copy(String label) {
        return copies.stream().filter(c -> c.label().equals(label)).findFirst();
    }

    /** The same without the pieces that were found damaged: files of slices and labels of copies. */
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

    /** The archiver itself has found that nothing could be archived between the two, as after a restore in place. */
    boolean isNoted(OplogChain before, OplogChain behind) {
        return gaps.stream()
                .map(g -> g.split("-"))
                .anyMatch(g -> g.length == 3
                        && ClusterTime.of(g[1]).equals(before.last())
                        && ClusterTime.of(g[2]).equals(behind.first()));
    }
}
