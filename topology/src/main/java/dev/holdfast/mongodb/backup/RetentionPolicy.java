package dev.holdfast.mongodb.backup;

import dev.holdfast.mongodb.value.ClusterTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What of a repository is not needed any more.
 *
 * @param label of the run that is under way, whose copies are never forgotten
 */
record RetentionPolicy(RepositoryState stock, String label) {

    /** The paths of what is needed for no moment from the given one on; nothing whole goes unless a later whole copy is. */
    List<String> pieces(java.time.Instant from) {
        List<String> pieces = new ArrayList<>();
        for (ReplicaSetInventory shelf : stock.shelves()) {
            shelf.parts().stream()
                    .filter(p -> !p.equals(label + ".part"))
                    .forEach(p -> pieces.add(shelf.set() + "/base/" + p));
        }
        Optional<String> oldest = stock.labels().stream()
                .filter(l -> stock.shelves().stream().allMatch(s -> ended(s, l).compareTo(from) <= 0))
                .max(Comparator.naturalOrder());
        if (oldest.isEmpty()) {
            return pieces;
        }
        for (ReplicaSetInventory shelf : stock.shelves()) {
            ClusterTime needed = shelf.copy(oldest.get()).orElseThrow().top();
            shelf.copies().stream()
                    .filter(c -> c.top().compareTo(needed) < 0 && !c.label().equals(label))
                    .forEach(c -> pieces.add(shelf.set() + "/base/" + c.label()));
            shelf.chains().stream()
                    .flatMap(c -> c.slices().stream())
                    .filter(s -> !s.open() && s.last().compareTo(needed) < 0)
                    .forEach(s -> pieces.add(shelf.set() + "/oplog/" + s.file()));
        }
        return pieces;
    }

    private static java.time.Instant ended(ReplicaSetInventory shelf, String label) {
        return shelf.copy(label).orElseThrow().top().instant();
    }
}
