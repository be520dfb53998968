package dev.holdfast.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The comparison of one stream's acknowledgements with the stored writes.
 *
 * @param lost acknowledged but not stored
 * @param ghosts stored although never sent or certainly refused
 * @param duplicates stored more than once
 * @param reordered stored after a write of the same lane that began only later
 * @param indeterminatePresent neither acknowledged nor refused, and stored
 * @param indeterminateAbsent neither acknowledged nor refused, and not stored
 */
public record WriteReconciliation(
        int acknowledged,
        int refused,
        List<Integer> lost,
        List<Long> ghosts,
        List<Long> duplicates,
        List<Long> reordered,
        List<Integer> indeterminatePresent,
        List<Integer> indeterminateAbsent) {

    public static WriteReconciliation of(WriteHistory writes, ReadBackResult found) {
        boolean[] there = new boolean[writes.limit()];
        List<Long> ghosts = new ArrayList<>();
        List<Long> duplicates = new ArrayList<>();
        List<Integer> present = new ArrayList<>();
        for (long id : found.ids()) {
            if (!isOurs(writes, found.stream(), id)) {
                ghosts.add(id);
            } else if (there[(int) id]) {
                duplicates.add(id);
            } else {
                there[(int) id] = true;
                WriteOutcome outcome = writes.outcome((int) id);
                if (outcome == WriteOutcome.REFUSED) {
                    ghosts.add(id);
                } else if (outcome != WriteOutcome.ACKNOWLEDGED) {
                    present.add((int) id);
                }
            }
        }
        List<Integer> lost = new ArrayList<>();
        List<Integer> absent = new ArrayList<>();
        int[] counts = new int[WriteOutcome.values().length];
        writes.each(found.stream(), id -> {
            WriteOutcome outcome = writes.outcome(id);
            counts[outcome.ordinal()]++;
            if (!there[id] && outcome == WriteOutcome.ACKNOWLEDGED) {
                lost.add(id);
            } else if (!there[id] && outcome == WriteOutcome.INDETERMINATE) {
                absent.add(id);
            }
        });
        return new WriteReconciliation(
                counts[WriteOutcome.ACKNOWLEDGED.ordinal()],
                counts[WriteOutcome.REFUSED.ordinal()],
                lost,
                ghosts,
                duplicates,
                reordered(writes, found),
                present,
                absent);
    }

    private static boolean isOurs(WriteHistory writes, int stream, long id) {
        return id >= 0 && id < writes.limit() && writes.stream((int) id) == stream;
    }

    /** A lane writes rising numbers one after the other, so the server's own order must rise with them. */
    private static List<Long> reordered(WriteHistory writes, ReadBackResult found) {
        Map<Integer, Long> latest = new HashMap<>();
        List<Long> reordered = new ArrayList<>();
        for (int i : byPosition(found)) {
            long id = found.ids()[i];
            if (isOurs(writes, found.stream(), id) && writes.outcome((int) id) == WriteOutcome.ACKNOWLEDGED) {
                int lane = writes.lane((int) id);
                if (latest.getOrDefault(lane, -1L) > id) {
                    reordered.add(id);
                }
                latest.merge(lane, id, Math::max);
            }
        }
        return reordered;
    }

    private static int[] byPosition(ReadBackResult found) {
        long[] positions = found.positions();
        boolean rising = true;
        for (int i = 1; i < positions.length && rising; i++) {
            rising = positions[i - 1] <= positions[i];
        }
        Integer[] order = new Integer[rising ? 0 : positions.length];
        int[] plain = new int[positions.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        java.util.Arrays.sort(order, (a, b) -> Long.compare(positions[a], positions[b]));
        for (int i = 0; i < plain.length; i++) {
            plain[i] = rising ? i : order[i];
        }
        return plain;
    }
}
