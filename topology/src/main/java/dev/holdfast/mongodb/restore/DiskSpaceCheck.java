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
 * What is free on the file systems of the target, and whether the copies fit there unpacked. In place the old data is kept, so
 * it makes no room.
 *
 * @param places by the server's folder; a server whose host did not tell is not among them
 */
record DiskSpaceCheck(Map<Node, Place> places) {

    /**
     * A file system.
     *
     * @param free KiB
     * @param mount where it is mounted
     */
    record Place(String host, String mount, long free) {}

    /** @param lines of {@code mongodb/restore-look.sh}, by the server they are about */
    static DiskSpaceCheck of(Map<Node, List<String[]>> lines) {
        Map<Node, Place> places = new LinkedHashMap<>();
        lines.forEach((node, description) -> description.stream()
                .filter(l -> l[0].equals("room") && l[2].matches("\\d{1,18}"))
                .forEach(l -> places.put(node, new Place(node.host().name(), l[3], Long.parseLong(l[2])))));
        return new DiskSpaceCheck(places);
    }

    /**
     * What is lacking, in words; empty when all that is still to be unpacked fits.
     *
     * @param picks by the set's name
     * @param unpacked the servers that have their copy already
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
                .map(w -> "the copies take " + w.getValue() + " KiB unpacked below "
                        + w.getKey().mount() + " of host " + w.getKey().host() + ", and " + free(w.getKey())
                        + " KiB are free there")
                .findFirst();
    }

    /** The least of what was told of one file system, which changes while it is asked. */
    private long free(Place of) {
        return places.values().stream()
                .filter(p -> p.host().equals(of.host()) && p.mount().equals(of.mount()))
                .mapToLong(Place::free)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
