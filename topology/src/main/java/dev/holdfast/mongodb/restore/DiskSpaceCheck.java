package dev.holdfast.mongodb.restore;

import dev.holdfast.model.Node;
import dev.holdfast.mongodb.restore.ResolvedTarget.Pick;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The check whether the unpacked backups fit on the target's file systems. A restore in place keeps the old data, so that
 * frees no space.
 *
 * @param places file systems by the server's directory; without servers whose host did not answer
 */
record DiskSpaceCheck(Map<Node, Place> places) {

    /**
     * A file system.
     *
     * @param free the free space in KiB
     * @param mount the mount point
     */
    record Place(String host, String mount, long free) {}

    /**
     * Returns sentences about missing space; empty if everything that is still to be unpacked fits.
     *
     * @param picks the sources of each set, by its name
     * @param unpacked the servers whose backup is already unpacked
     */
    Optional<String> lacking(List<MongoSet> sets, Map<String, Pick> picks, Predicate<Node> unpacked) {
        Map<Place, Long> desired = new LinkedHashMap<>();
        for (MongoSet set : sets) {
            Pick pick = picks.get(set.name());
            for (Member member : set.members()) {
                Place place = places.get(member.node());
                if (pick != null && place != null && !member.arbiter() && !unpacked.test(member.node())) {
                    desired.merge(
                            new Place(place.host(), place.mount(), 0),
                            pick.copy().size(),
                            Long::sum);
                }
            }
        }
        return desired.entrySet().stream()
                .filter(w -> free(w.getKey()) <= w.getValue())
                .map(w -> "the unpacked backups need " + w.getValue() + " KiB below "
                        + w.getKey().mount() + " of host " + w.getKey().host() + ", and " + free(w.getKey())
                        + " KiB are free there")
                .findFirst();
    }

    /** Returns the smallest observed free space of one file system, which can change between queries. */
    private long free(Place of) {
        return places.values().stream()
                .filter(p -> p.host().equals(of.host()) && p.mount().equals(of.mount()))
                .mapToLong(Place::free)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
