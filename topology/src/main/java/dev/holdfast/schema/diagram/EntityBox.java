package dev.holdfast.schema.diagram;

import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Field;
import dev.holdfast.schema.Index;
import java.util.List;

/**
 * The box of one entity in a schema diagram.
 *
 * @param column its column on the page
 * @param x its left edge
 * @param y its upper edge
 */
record EntityBox(Entity entity, int column, int x, int y) {

    static final int WIDTH = 236;
    static final int HEAD = 28;
    static final int ROW = 19;
    static final int FOOT = 16;
    private static final int PADDING = 7;

    static int height(Entity entity) {
        int notes = notes(entity).size();
        return HEAD + entity.fields().size() * ROW + notes * FOOT + PADDING + (notes > 0 ? PADDING : 0);
    }

    int height() {
        return height(entity);
    }

    /** Returns the middle of a field's row. */
    int rowY(String field) {
        List<String> names = entity.fields().stream().map(Field::name).toList();
        return y + HEAD + Math.max(0, names.indexOf(field)) * ROW + ROW / 2 + 3;
    }

    int notesY() {
        return y + HEAD + entity.fields().size() * ROW + PADDING;
    }

    /** Returns notes about indexes over several fields and about special indexes. */
    static List<String> notes(Entity entity) {
        return entity.indexes().stream()
                .filter(i -> i.unique() && i.fields().size() > 1 || i.kind() != Index.Kind.PLAIN)
                .map(EntityBox::note)
                .toList();
    }

    private static String note(Index index) {
        String fields = String.join(", ", index.fields());
        return switch (index.kind()) {
            case TTL -> "deleted " + index.after().orElseThrow().toDays() + " days after " + fields;
            case PLAIN -> "unique (" + fields + ")" + (index.where().isEmpty() ? "" : " where ...");
            default -> index.kind().name().toLowerCase(java.util.Locale.ROOT) + " index (" + fields + ")";
        };
    }
}
