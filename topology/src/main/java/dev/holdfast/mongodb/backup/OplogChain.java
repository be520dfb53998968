package dev.holdfast.mongodb.backup;

import dev.holdfast.mongodb.value.ClusterTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Slices that follow each other without a gap: every operation from the first moment to the last is there. */
public record OplogChain(ClusterTime first, ClusterTime last, List<OplogSlice> slices) {

    public OplogChain {
        slices = List.copyOf(slices);
    }

    /** The slices parted wherever one does not begin with what the ones before it ended with. */
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

    /** Where reading has to begin to find the last operation at or before a moment: a slice's own first. */
    public ClusterTime beginOfSliceWith(ClusterTime moment) {
        return slices.stream()
                .filter(s -> s.first().compareTo(moment) <= 0)
                .map(OplogSlice::first)
                .max(Comparator.naturalOrder())
                .orElse(first);
    }
}
