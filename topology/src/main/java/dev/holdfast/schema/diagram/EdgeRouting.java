package dev.holdfast.schema.diagram;

import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The routing of the lines of references in a schema diagram, in gutters between the columns and in a corridor above them. All
 * references to one entity share one lane in each, like lines of an underground map.
 */
final class EdgeRouting {

    static final int LANE = 9;

    private static final int EDGE = 20;
    private static final int CORNER = 7;

    /**
     * One reference.
     *
     * @param from the gutter of its start, counted from the left; gutter n is right of column n
     * @param to the gutter of its end
     */
    record Wire(Entity source, Reference reference, int from, int to, boolean leavesLeft, boolean arrivesLeft) {}

    private final List<Wire> wires = new ArrayList<>();
    private final Map<Integer, Set<String>> lanes = new LinkedHashMap<>();
    private final Set<String> corridor = new LinkedHashSet<>();

    EdgeRouting(List<List<Entity>> columns) {
        Map<String, Integer> column = new LinkedHashMap<>();
        for (int c = 0; c < columns.size(); c++) {
            for (Entity entity : columns.get(c)) {
                column.put(entity.name(), c);
            }
        }
        columns.forEach(all -> all.forEach(e -> e.references().forEach(r -> {
            if (column.containsKey(r.to())) {
                add(e, r, column.get(e.name()), column.get(r.to()), columns.size() - 1);
            }
        })));
    }

    private void add(Entity source, Reference reference, int at, int target, int last) {
        boolean leavesLeft = at > target || at == target && at == last && last > 0;
        boolean arrivesLeft = at < target || at == target && leavesLeft;
        int from = leavesLeft ? at - 1 : at;
        int to = arrivesLeft ? target - 1 : target;
        wires.add(new Wire(source, reference, from, to, leavesLeft, arrivesLeft));
        lanes.computeIfAbsent(from, g -> new LinkedHashSet<>()).add(reference.to());
        lanes.computeIfAbsent(to, g -> new LinkedHashSet<>()).add(reference.to());
        if (from != to) {
            corridor.add(reference.to());
        }
    }

    List<Wire> all() {
        return wires;
    }

    Set<String> targets() {
        Set<String> targets = new LinkedHashSet<>();
        wires.forEach(w -> targets.add(w.reference().to()));
        return targets;
    }

    int gutterWidth(int gutter) {
        return 2 * EDGE + Math.max(0, lanes.getOrDefault(gutter, Set.of()).size() - 1) * LANE;
    }

    int corridorHeight() {
        return corridor.isEmpty() ? 0 : corridor.size() * LANE + EDGE;
    }

    /** Returns the distance of a target's lane from the left edge of a gutter. */
    int laneX(int gutter, String target) {
        return EDGE + new ArrayList<>(lanes.get(gutter)).indexOf(target) * LANE;
    }

    /** Returns the distance of a target's lane from the upper edge of the corridor. */
    int corridorY(String target) {
        return LANE + new ArrayList<>(corridor).indexOf(target) * LANE;
    }

    /** Returns a path with right angles and rounded corners. */
    static String rounded(List<int[]> points) {
        StringBuilder path = new StringBuilder("M" + points.get(0)[0] + " " + points.get(0)[1]);
        for (int i = 1; i < points.size(); i++) {
            int[] at = points.get(i);
            if (i == points.size() - 1) {
                path.append(" L").append(at[0]).append(' ').append(at[1]);
                continue;
            }
            int[] before = towards(at, points.get(i - 1));
            int[] after = towards(at, points.get(i + 1));
            path.append(" L").append(before[0]).append(' ').append(before[1]);
            path.append(" Q")
                    .append(at[0])
                    .append(' ')
                    .append(at[1])
                    .append(' ')
                    .append(after[0])
                    .append(' ')
                    .append(after[1]);
        }
        return path.toString();
    }

    private static int[] towards(int[] from, int[] to) {
        int dx = to[0] - from[0];
        int dy = to[1] - from[1];
        int step = Math.min(CORNER, (Math.abs(dx) + Math.abs(dy)) / 2);
        return new int[] {from[0] + Integer.signum(dx) * step, from[1] + Integer.signum(dy) * step};
    }
}
