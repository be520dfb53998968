package dev.holdfast.schema.diagram;

import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Reference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The layout of a schema diagram: the column and the place of every entity. The most referenced entity is at the top of a
 * middle column. Entities that reference each other are in one column, and columns have similar heights.
 */
final class DiagramLayout {

    static final int GAP = 20;

    private static final int MOST_COLUMNS = 4;
    private static final int PER_COLUMN = 3;

    private final Dictionary dictionary;
    private final List<List<Entity>> columns = new ArrayList<>();

    DiagramLayout(Dictionary dictionary) {
        this.dictionary = dictionary;
        int count = dictionary.entities().size();
        int width = Math.max(1, Math.min(MOST_COLUMNS, (count + PER_COLUMN - 2) / PER_COLUMN));
        for (int i = 0; i < Math.max(width, Math.min(2, count)); i++) {
            columns.add(new ArrayList<>());
        }
        Entity mostReferenced = mostReferenced();
        columns.get((columns.size() - 1) / 2).add(mostReferenced);
        List<List<Entity>> families = families(mostReferenced);
        families.sort(Comparator.comparingInt((List<Entity> f) -> -height(f)));
        families.forEach(f -> shortest().addAll(f));
    }

    List<List<Entity>> columns() {
        return columns;
    }

    /** @param xs the left edge of each column */
    Map<String, EntityBox> cards(List<Integer> xs, int top) {
        Map<String, EntityBox> cards = new LinkedHashMap<>();
        for (int column = 0; column < columns.size(); column++) {
            int y = top;
            for (Entity entity : columns.get(column)) {
                cards.put(entity.name(), new EntityBox(entity, column, xs.get(column), y));
                y += EntityBox.height(entity) + GAP;
            }
        }
        return cards;
    }

    /** Returns the number of columns; few entities get one column each. */
    private int largestFamily() {
        return dictionary.entities().size() <= 2 * PER_COLUMN ? 1 : PER_COLUMN + 1;
    }

    private List<Entity> shortest() {
        return columns.stream()
                .min(Comparator.comparingInt(DiagramLayout::height))
                .orElseThrow();
    }

    private static int height(List<Entity> entities) {
        return entities.stream().mapToInt(e -> EntityBox.height(e) + GAP).sum();
    }

    private Entity mostReferenced() {
        return dictionary.entities().stream()
                .max(Comparator.comparingLong(this::named))
                .orElseThrow();
    }

    private long named(Entity entity) {
        return dictionary.entities().stream()
                .flatMap(e -> e.references().stream())
                .filter(r -> r.to().equals(entity.name()))
                .count();
    }

    /** Returns groups of entities that reference each other, without the mostReferenced; referenced entities come first. */
    private List<List<Entity>> families(Entity mostReferenced) {
        Map<String, List<Entity>> families = new LinkedHashMap<>();
        for (Entity entity : dictionary.entities()) {
            if (!entity.equals(mostReferenced)) {
                families.put(entity.name(), new ArrayList<>(List.of(entity)));
            }
        }
        for (Entity entity : dictionary.entities()) {
            for (Reference reference : entity.references()) {
                List<Entity> mine = families.get(entity.name());
                List<Entity> theirs = families.get(reference.to());
                boolean fits = mine != null && theirs != null && mine.size() + theirs.size() <= largestFamily();
                if (fits
                        && mine != theirs
                        && mine.get(0).domain().equals(theirs.get(0).domain())) {
                    theirs.addAll(mine);
                    mine.forEach(e -> families.put(e.name(), theirs));
                }
            }
        }
        return new ArrayList<>(families.values().stream().distinct().toList());
    }
}
