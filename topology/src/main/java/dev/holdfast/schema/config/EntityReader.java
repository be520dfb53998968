package dev.holdfast.schema.config;

import dev.holdfast.config.ConfigCursor;
import dev.holdfast.schema.CheckConstraint;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Entity.Validation;
import dev.holdfast.schema.Field;
import dev.holdfast.schema.FieldType;
import dev.holdfast.schema.Reference;
import dev.holdfast.schema.Reference.OnDelete;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The reader of one entity in a dictionary file; references are resolved later. */
final class EntityReader {

    private static final Pattern COMPARED = Pattern.compile("(\\S+)\\s*(<=|>=|!=|<|>|=)\\s*(\\S+)");

    private final ConfigCursor keys;
    private final String domain;
    private final String store;
    private final List<Field> fields = new ArrayList<>();
    private final List<Reference> references = new ArrayList<>();

    EntityReader(ConfigCursor keys, String domain, String store) {
        this.keys = keys;
        this.domain = domain;
        this.store = store;
    }

    Entity read() {
        keys.at("fields").entries().forEach(this::field);
        keys.at("references").items().forEach(this::reference);
        IndexReader indexes = new IndexReader(keys);
        return new Entity(
                keys.place(),
                domain,
                keys.name(),
                keys.at("about").text(""),
                keys.at("store").text(store),
                keys.at("key").words(),
                fields,
                references,
                checks(),
                indexes.indexes(),
                indexes.sharding(),
                new Validation(
                        keys.at("validation").text("strict"),
                        keys.at("violation").text("error"),
                        keys.at("closed").flag(false)));
    }

    private void field(ConfigCursor field) {
        boolean isShort = !field.isMap();
        TypeReader.ParsedType parsedType = isShort ? TypeReader.read(field) : parsedType(field);
        if (!parsedType.ref().isEmpty()) {
            references.add(new Reference(
                    field.place(), List.of(field.name()), parsedType.ref(), List.of(), removal(field.at("onDelete"))));
        }
        fields.add(new Field(
                field.place(),
                field.name(),
                parsedType.type().orElse(FieldType.of(FieldType.Kind.UUID)),
                parsedType.optional(),
                field.at("identity").flag(false),
                field.at("default").text(""),
                bound(field.at("from")),
                bound(field.at("to")),
                field.at("about").text("")));
    }

    private static Optional<BigDecimal> bound(ConfigCursor bound) {
        return bound.decimal().map(d -> new BigDecimal(bound.text("0")));
    }

    private static TypeReader.ParsedType parsedType(ConfigCursor field) {
        boolean optional = field.at("optional").flag(false);
        if (field.at("ref").isPresent()) {
            return new TypeReader.ParsedType(Optional.empty(), field.at("ref").text(""), optional);
        }
        if (field.at("enum").isPresent()) {
            return new TypeReader.ParsedType(
                    Optional.of(FieldType.oneOf(field.at("enum").words())), "", optional);
        }
        if (!field.at("type").isPresent()) {
            field.wrong("the field \"" + field.name() + "\" has no type", "add type, enum or ref");
        }
        TypeReader.ParsedType parsedType = TypeReader.read(field.at("type"));
        return new TypeReader.ParsedType(parsedType.type(), parsedType.ref(), parsedType.optional() || optional);
    }

    private void reference(ConfigCursor reference) {
        references.add(new Reference(
                reference.place(),
                reference.at("fields").words(),
                reference.at("to").text(""),
                reference.at("of").words(),
                removal(reference.at("onDelete"))));
    }

    private static OnDelete removal(ConfigCursor word) {
        return word.isPresent() ? OnDelete.valueOf(word.text("").toUpperCase(Locale.ROOT)) : OnDelete.REFUSE;
    }

    private List<CheckConstraint> checks() {
        List<CheckConstraint> checks = new ArrayList<>();
        for (ConfigCursor check : keys.at("checks").entries()) {
            String text = check.text("").strip();
            Matcher compared = COMPARED.matcher(text);
            if (compared.matches()) {
                CheckConstraint.Rule rule =
                        new CheckConstraint.Compare(compared.group(1), compared.group(2), compared.group(3));
                checks.add(new CheckConstraint(check.place(), check.name(), rule));
            } else if (text.matches("\\S+( or \\S+)+")) {
                checks.add(new CheckConstraint(
                        check.place(), check.name(), new CheckConstraint.AnyOf(List.of(text.split(" or ")))));
            } else {
                check.wrong(
                        "the check \"" + check.name() + "\" cannot be parsed: " + text,
                        "write a comparison, such as \"start <= end\", or alternatives, such as \"email or phone\"");
            }
        }
        return checks;
    }
}
