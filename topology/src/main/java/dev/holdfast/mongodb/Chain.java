package dev.holdfast.mongodb;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Slices that follow each other without a gap: every operation from the first moment to the last is there. */
record Chain(Stamp first, Stamp last, List<OplogSlice> slices) {

    Chain {
        slices = List.copyOf(slices);
    }

    /** The slices parted wherever one does not begin with what the ones before it ended with. */
    static List<Chain> of(List<OplogSlice> all) {
        List<OplogSlice> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparing(OplogSlice::first).thenComparing(OplogSlice::last));
        List<Chain> chains = new ArrayList<>();
        List<OplogSlice> link = new ArrayList<>();
        Stamp end = Stamp.NONE;
        for (OplogSlice slice : sorted) {
            if (!link.isEmpty() && slice.first().compareTo(end) > 0) {
                chains.add(new Chain(link.get(0).first(), end, link));
                link = new ArrayList<>();
                end = Stamp.NONE;
            }
            link.add(slice);
            end = Stamp.max(end, slice.last());
        }
        if (!link.isEmpty()) {
            chains.add(new Chain(link.get(0).first(), end, link));
        }
        return chains;
    }

    boolean holds(Stamp moment) {
        return moment.compareTo(first) >= 0 && moment.compareTo(last) <= 0;
    }

    /** Where reading has to begin to find the last operation at or before a moment: a slice's own first. */
    Stamp beginOfSliceWith(Stamp moment) {
        return slices.stream()
                .filter(s -> s.first().compareTo(moment) <= 0)
                .map(OplogSlice::first)
                .max(Comparator.naturalOrder())
                .orElse(first);
    }
}
