package dev.holdfast.mongodb.backup;

import dev.holdfast.mongodb.value.ClusterTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The selection of backups and slices that have expired.
 *
 * @param label the label of the current run, whose backups never expire
 */
record RetentionPolicy(RepositoryState repositoryState, String label) {

    /** Returns the paths that no recovery target from the given one on needs; a complete backup expires only if a later one exists. */
    List<String> pieces(java.time.Instant from) {
        List<String> pieces = new ArrayList<>();
        for (ReplicaSetInventory inventory : repositoryState.inventories()) {
            inventory.parts().stream()
                    .filter(p -> !p.equals(label + ".part"))
                    .forEach(p -> pieces.add(inventory.set() + "/base/" + p));
        }
        Optional<String> oldest = repositoryState.labels().stream()
                .filter(l -> repositoryState.inventories().stream()
                        .allMatch(s -> ended(s, l).compareTo(from) <= 0))
                .max(Comparator.naturalOrder());
        if (oldest.isEmpty()) {
            return pieces;
        }
        for (ReplicaSetInventory inventory : repositoryState.inventories()) {
            ClusterTime needed = inventory.copy(oldest.get()).orElseThrow().top();
            inventory.copies().stream()
                    .filter(c -> c.top().compareTo(needed) < 0 && !c.label().equals(label))
                    .forEach(c -> pieces.add(inventory.set() + "/base/" + c.label()));
            inventory.chains().stream()
                    .flatMap(c -> c.slices().stream())
                    .filter(s -> !s.open() && s.last().compareTo(needed) < 0)
                    .forEach(s -> pieces.add(inventory.set() + "/oplog/" + s.file()));
        }
        return pieces;
    }

    private static java.time.Instant ended(ReplicaSetInventory inventory, String label) {
        return inventory.copy(label).orElseThrow().top().instant();
    }
}
