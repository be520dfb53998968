package dev.holdfast.schema.config;

import dev.holdfast.config.Suggestion;
import dev.holdfast.model.Problem;
import dev.holdfast.model.SourceLocation;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Field;
import dev.holdfast.schema.FieldType;
import dev.holdfast.schema.FieldType.Kind;
import dev.holdfast.schema.Literals;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** The rules for the fields and keys of a data dictionary, which both engines must be able to store. */
final class FieldRules {

    private final Entity entity;
    private final List<Problem> problems;

    private FieldRules(Entity entity, List<Problem> problems) {
        this.entity = entity;
        this.problems = problems;
    }

    static void check(Entity entity, List<Problem> problems) {
        FieldRules rules = new FieldRules(entity, problems);
        entity.fields().forEach(rules::check);
        rules.checkKey();
    }

    /** Returns a field by name; an unknown field is reported where it is used. */
    static Optional<Field> known(Entity entity, String name, SourceLocation used, List<Problem> problems) {
        Optional<Field> field = entity.field(name);
        if (field.isEmpty()) {
            List<String> names = entity.fields().stream().map(Field::name).toList();
            problems.add(Problem.error(
                    used,
                    "\"" + entity.name() + "\" has no field \"" + name + "\"",
                    Suggestion.hint(name, names, "fields: ")));
        }
        return field;
    }

    private void check(Field field) {
        NameRules.problem(field.place(), field.name(), "a field").ifPresent(problems::add);
        checkEnum(field, field.type());
        if (field.identity() && !field.type().is(Kind.INT, Kind.LONG)) {
            report(field, "is an identity of type " + field.type().written(), "an identity is an int or a long");
        }
        boolean bounded = field.from().isPresent() || field.to().isPresent();
        if (bounded && !field.type().isNumber()) {
            report(
                    field,
                    "has \"from\" or \"to\" and is not a number",
                    "only int, long, number and decimal have bounds");
        }
        if (field.from().isPresent()
                && field.to().isPresent()
                && field.from().get().compareTo(field.to().get()) > 0) {
            report(field, "has a \"from\" above its \"to\"", "no value is possible");
        }
        if (!field.otherwise().isEmpty() && !Literals.fits(field.otherwise(), field.type())) {
            report(
                    field,
                    "cannot have the default \"" + field.otherwise() + "\"",
                    "write a value of the type " + field.type().written());
        }
        field.type().item().ifPresent(item -> {
            if (item.is(Kind.LIST, Kind.JSON, Kind.POINT)) {
                report(
                        field,
                        "is a list of " + item.written(),
                        "lists contain simple values; use json for other values");
            }
        });
    }

    private void checkEnum(Field field, FieldType type) {
        type.item().ifPresent(item -> checkEnum(field, item));
        if (type.kind() != Kind.ENUM) {
            return;
        }
        for (String value : type.values()) {
            if (value.isBlank() || value.chars().anyMatch(c -> "'\"`\\".indexOf(c) >= 0)) {
                report(
                        field,
                        "has the enum value <" + value + ">",
                        "enum values are words without quotes and backslashes");
            }
        }
        if (new HashSet<>(type.values()).size() < type.values().size()) {
            report(field, "has an enum value twice", "keep one of them");
        }
    }

    private void checkKey() {
        for (String name : entity.key()) {
            known(entity, name, entity.place(), problems).ifPresent(field -> {
                if (field.optional()) {
                    report(field, "is part of the key and optional", "remove the ?");
                }
                if (field.type().is(Kind.LIST, Kind.JSON, Kind.POINT)) {
                    report(field, "is part of the key and a " + field.type().written(), "use simple values in keys");
                }
            });
        }
    }

    private void report(Field field, String what, String hint) {
        problems.add(Problem.error(field.place(), "the field \"" + field.name() + "\" " + what, hint));
    }
}
