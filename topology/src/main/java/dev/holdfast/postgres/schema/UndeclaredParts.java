package dev.holdfast.postgres.schema;

import dev.holdfast.postgres.schema.CatalogState.Part;
import dev.holdfast.postgres.schema.CatalogState.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The constraints and indexes of a table that are not in the dictionary; they stay unchanged. */
record UndeclaredParts(TableDefinition desired, Table table) {

    List<String> notes() {
        List<String> notes = new ArrayList<>();
        Map<String, String> references = desired.references();
        Map<String, String> constraints = desired.constraints();
        table.constraints().forEach((name, part) -> {
            if (!constraints.containsKey(name) && !references.containsKey(name)) {
                notes.add(note("the constraint " + name + " " + part.definition()));
            }
        });
        Map<String, String> indexes = desired.indexes();
        table.indexes().forEach((name, part) -> {
            boolean known = indexes.containsKey(name)
                    || constraints.containsKey(name)
                    || part.more().equals("constraint");
            if (!known && !isSameDefinition(part, indexes.values())) {
                notes.add(note("the index " + name));
            }
        });
        return notes;
    }

    private static boolean isSameDefinition(Part part, Collection<String> definitions) {
        return definitions.stream().anyMatch(d -> DefinitionEquality.alikeUnnamed(d, part.definition()));
    }

    private String note(String what) {
        return desired.entity().id() + " has " + what + ", which is not in the dictionary and stays unchanged";
    }
}
