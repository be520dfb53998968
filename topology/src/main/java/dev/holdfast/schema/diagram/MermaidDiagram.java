package dev.holdfast.schema.diagram;

import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Field;
import dev.holdfast.schema.FieldType;
import dev.holdfast.schema.Reference;

/** A dictionary as a Mermaid entity relationship diagram. */
public final class MermaidDiagram {

    private final Dictionary dictionary;
    private final StringBuilder out = new StringBuilder("erDiagram\n");

    private MermaidDiagram(Dictionary dictionary) {
        this.dictionary = dictionary;
    }

    public static String of(Dictionary dictionary) {
        MermaidDiagram diagram = new MermaidDiagram(dictionary);
        dictionary.entities().forEach(diagram::entity);
        dictionary.entities().forEach(diagram::references);
        return diagram.out.toString();
    }

    private void entity(Entity entity) {
        out.append("  ").append(named(entity)).append(" {\n");
        for (Field field : entity.fields()) {
            out.append("    ")
                    .append(type(field.type()))
                    .append(' ')
                    .append(field.name())
                    .append(
                            KeyMarkers.of(entity, field).isEmpty()
                                    ? ""
                                    : " " + String.join(", ", KeyMarkers.of(entity, field)))
                    .append(field.optional() ? " \"optional\"" : "")
                    .append('\n');
        }
        out.append("  }\n");
    }

    private void references(Entity entity) {
        for (Reference reference : entity.references()) {
            dictionary
                    .entity(reference.to())
                    .ifPresent(to -> out.append("  ")
                            .append(named(to))
                            .append(KeyMarkers.isOptional(entity, reference) ? " |o--" : " ||--")
                            .append(KeyMarkers.isOneToOne(entity, reference) ? "o| " : "o{ ")
                            .append(named(entity))
                            .append(" : \"")
                            .append(String.join(", ", reference.fields()))
                            .append("\"\n"));
        }
    }

    private static String named(Entity entity) {
        return '"' + entity.name() + '"';
    }

    private static String type(FieldType type) {
        return switch (type.kind()) {
            case ENUM -> "enum";
            case LIST -> type(type.item().orElseThrow()) + "[]";
            case TEXT -> type.length() == 0 ? "text" : "text(" + type.length() + ")";
            case DECIMAL -> "decimal(" + type.length() + "-" + type.scale() + ")";
            default -> type.written();
        };
    }
}
