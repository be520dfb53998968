package dev.holdfast.mongodb;

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
record Shelf(
        String set,
        List<MemberCopy> copies,
        List<Chain> chains,
        Optional<Archived> archived,
        List<String> gaps,
        List<String> parts) {

    /** The archiver's last word. */
    record Archived(Stamp stamp, Instant when) {}

    /** From one moment to another, both included. */
    record Stretch(Stamp from, Stamp to) {
        Optional<Stretch> with(Stretch other) {
            Stamp later = Stamp.max(from, other.from);
            Stamp earlier = Stamp.min(to, other.to);
            return later.compareTo(earlier) <= 0 ? Optional.of(new Stretch(later, earlier)) : Optional.empty();
        }

        boolean holds(Stamp moment) {
            return moment.compareTo(from) >= 0 && moment.compareTo(to) <= 0;
        }
    }

    Optional<Chain> chain(Stamp moment) {
        return chains.stream().filter(c -> c.holds(moment)).findFirst();
    }

    /** What can be reached from a copy that is whole and that the archive overlaps. */
    Optional<Stretch> reach(MemberCopy copy) {
        return copy.isWhole() ? chain(copy.top()).map(c -> new Stretch(copy.top(), c.last())) : Optional.empty();
    }

    /** What can be reached, oldest first and joined where it overlaps. */
    List<Stretch> stretches() {
        List<Stretch> joined = new ArrayList<>();
        copies.stream()
                .map(this::reach)
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing(Stretch::from))
                .forEach(s -> {
                    Stretch before = joined.isEmpty() ? null : joined.get(joined.size() - 1);
                    if (before != null && s.from().compareTo(before.to()) <= 0) {
                        joined.set(joined.size() - 1, new Stretch(before.from(), Stamp.max(before.to(), s.to())));
                    } else {
                        joined.add(s);
                    }
                });
        return joined;
    }

    /** The copy from which the way to a moment is shortest. */
    Optional<MemberCopy> copyFor(Stamp moment) {
        return copies.stream()
                .filter(c -> reach(c).filter(s -> s.holds(moment)).isPresent())
                .max(Comparator.comparing(MemberCopy::top));
    }

    Optional<MemberCopy> copy(String label) {
        return copies.stream().filter(c -> c.label().equals(label)).findFirst();
    }

    /** The same without the pieces that were found damaged: files of slices and labels of copies. */
    Shelf without(Set<String> damaged) {
        List<OplogSlice> sound = chains.stream()
                .flatMap(c -> c.slices().stream())
                .filter(s -> !damaged.contains(s.file()))
                .collect(Collectors.toList());
        return new Shelf(
                set,
                copies.stream().filter(c -> !damaged.contains(c.label())).toList(),
                Chain.of(sound),
                archived,
                gaps,
                parts);
    }

    /** The archiver itself has found that nothing could be archived between the two, as after a restore in place. */
    boolean isNoted(Chain before, Chain behind) {
        return gaps.stream()
                .map(g -> g.split("-"))
                .anyMatch(g -> g.length == 3
                        && Stamp.of(g[1]).equals(before.last())
                        && Stamp.of(g[2]).equals(behind.first()));
    }
}
