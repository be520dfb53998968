package dev.holdfast.schema.diagram;

import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Field;
import dev.holdfast.schema.Reference;
import java.util.ArrayList;
import java.util.List;

/** The markers of a field (PK, FK, UK), and the cardinality of references. */
final class KeyMarkers {

    private KeyMarkers() {}

    static List<String> of(Entity entity, Field field) {
        List<String> marks = new ArrayList<>();
        if (entity.key().contains(field.name())) {
            marks.add("PK");
        }
        if (entity.references().stream().anyMatch(r -> r.fields().contains(field.name()))) {
            marks.add("FK");
        }
        if (entity.uniques().anyMatch(u -> u.where().isEmpty() && u.fields().equals(List.of(field.name())))) {
            marks.add("UK");
        }
        return marks;
    }

    static boolean isOptional(Entity entity, Reference reference) {
        return reference.fields().stream()
                .anyMatch(f -> entity.field(f).map(Field::optional).orElse(false));
    }

    static boolean isOneToOne(Entity entity, Reference reference) {
        return entity.isUnique(reference.fields());
    }
}
