package dev.holdfast.mongodb.backup;

import dev.holdfast.mongodb.value.ClusterTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A sequence of slices without a gap: it contains every operation from the first cluster time to the last. */
public record OplogChain(ClusterTime first, ClusterTime last, List<OplogSlice> slices) {

    public OplogChain {
        slices = List.copyOf(slices);
    }

    /** Splits the slices where one does not begin with the end of the previous ones. */
    static List<OplogChain> of(List<OplogSlice> all) {
        List<OplogSlice> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparing(OplogSlice::first).thenComparing(OplogSlice::last));
        List<OplogChain> chains = new ArrayList<>();
        List<OplogSlice> link = new ArrayList<>();
        ClusterTime end = ClusterTime.NONE;
        for (OplogSlice slice : sorted) {
            if (!link.isEmpty() && slice.first().compareTo(end) > 0) {
                chains.add(new OplogChain(link.get(0).first(), end, link));
                link = new ArrayList<>();
                end = ClusterTime.NONE;
            }
            link.add(slice);
            end = ClusterTime.max(end, slice.last());
        }
        if (!link.isEmpty()) {
            chains.add(new OplogChain(link.get(0).first(), end, link));
        }
        return chains;
    }

    boolean holds(ClusterTime moment) {
        return moment.compareTo(first) >= 0 && moment.compareTo(last) <= 0;
    }

    /** Returns the first cluster time of the slice that contains a cluster time. */
    public ClusterTime beginOfSliceWith(ClusterTime moment) {
        return slices.stream()
                .filter(s -> s.first().compareTo(moment) <= 0)
                .map(OplogSlice::first)
                .max(Comparator.naturalOrder())
                .orElse(first);
    }
}
