package dev.holdfast.schema.config;

import dev.holdfast.config.Suggestion;
import dev.holdfast.model.Problem;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Field;
import dev.holdfast.schema.FieldType.Kind;
import dev.holdfast.schema.Index;
import dev.holdfast.schema.Literals;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** The rules for the indexes of a data dictionary, which both engines must be able to build. */
final class IndexRules {

    private static final int MOST_PARTS = 32;
    /** The languages of text indexes that both engines support. */
    private static final List<String> LANGUAGES = List.of(
            "simple",
            "danish",
            "dutch",
            "english",
            "finnish",
            "french",
            "german",
            "hungarian",
            "italian",
            "norwegian",
            "portuguese",
            "romanian",
            "russian",
            "spanish",
            "swedish",
            "turkish");

    private final Entity entity;
    private final List<Problem> problems;

    private IndexRules(Entity entity, List<Problem> problems) {
        this.entity = entity;
        this.problems = problems;
    }

    static void check(Entity entity, List<Problem> problems) {
        IndexRules rules = new IndexRules(entity, problems);
        List<Index> before = new ArrayList<>();
        for (Index index : entity.indexes()) {
            NameRules.problem(index.place(), index.name(), "an index").ifPresent(problems::add);
            rules.check(index);
            rules.checkAgainst(before, index);
            before.add(index);
        }
    }

    private void check(Index index) {
        List<Field> fields = new ArrayList<>();
        for (Index.Part part : index.parts()) {
            if (index.kind() != Index.Kind.WILDCARD || !part.field().equals(Index.EVERYTHING)) {
                FieldRules.known(entity, part.field(), index.place(), problems).ifPresent(fields::add);
            }
        }
        if (new HashSet<>(index.fields()).size() < index.parts().size()) {
            report(index, "has a field twice", "keep one of them");
        }
        if (index.parts().size() > MOST_PARTS) {
            report(index, "has " + index.parts().size() + " fields", "both engines allow " + MOST_PARTS + " at most");
        }
        if (fields.stream().filter(f -> f.type().is(Kind.LIST)).count() > 1) {
            report(index, "has two lists", "MongoDB indexes one list at a time; declare two indexes");
        }
        index.where().forEach((name, value) -> checkWhere(index, name, value));
        boolean needsTime = index.kind() == Index.Kind.TTL;
        if (index.after().isPresent() != needsTime) {
            report(
                    index,
                    needsTime ? "has no \"after\"" : "has \"after\" and is not a ttl index",
                    "use kind: ttl and after: 90d together");
        }
        if (index.unique() && index.kind() != Index.Kind.PLAIN) {
            report(
                    index,
                    "is unique and " + index.kind().name().toLowerCase(java.util.Locale.ROOT),
                    "only a plain index can be unique");
        }
        if (index.unique() && fields.stream().anyMatch(f -> f.type().is(Kind.LIST))) {
            report(
                    index,
                    "is unique and has a list: MongoDB compares single elements, PostgreSQL whole lists",
                    "declare an entity for the elements, with a unique field");
        }
        index.collation().ifPresent(c -> checkCollation(index, c));
        checkKind(index, fields);
    }

    private void checkWhere(Index index, String name, String value) {
        Optional<Field> field = FieldRules.known(entity, name, index.place(), problems);
        if (field.isPresent() && field.get().type().is(Kind.INSTANT, Kind.LIST, Kind.JSON, Kind.POINT)) {
            report(
                    index,
                    "has a condition on " + name + ", which has the type "
                            + field.get().type().written(),
                    "use where: with a text, a number, a bool, an enum or a UUID");
        } else if (field.isPresent() && !Literals.fits(value, field.get().type())) {
            report(
                    index,
                    "has the condition " + name + " = \"" + value + "\"",
                    "write a value of the type " + field.get().type().written());
        }
    }

    /** Refuses collations for unique indexes that PostgreSQL cannot express. */
    private void checkCollation(Index index, Index.Collation collation) {
        if (!collation.locale().matches("[a-z]{2,3}([_-][A-Za-z0-9]+)*|simple")) {
            report(index, "has the locale \"" + collation.locale() + "\"", "write a locale such as fr or en_US");
        }
        if (index.unique() && collation.strength() == 1) {
            report(
                    index,
                    "is unique without accents (strength: 1), which PostgreSQL does not support",
                    "use strength: 2, which ignores only case; or add a field without accents and make it unique");
        }
    }

    private void checkKind(Index index, List<Field> fields) {
        switch (index.kind()) {
            case TEXT -> {
                if (!fields.stream().allMatch(f -> f.type().is(Kind.TEXT))) {
                    report(index, "is a text index on other types", "use kind: text for fields of type text");
                }
                if (!LANGUAGES.contains(index.language())) {
                    report(
                            index,
                            "has the language \"" + index.language() + "\", which one of the engines does not support",
                            Suggestion.hint(index.language(), LANGUAGES, "languages: "));
                }
            }
            case GEO -> {
                if (fields.size() != 1 || !fields.get(0).type().is(Kind.POINT)) {
                    report(index, "is not on a point", "use kind: geo for one field of type point");
                }
            }
            case TTL -> {
                if (fields.size() != 1 || !fields.get(0).type().is(Kind.INSTANT)) {
                    report(
                            index,
                            "has no field of type instant for the age of a row",
                            "use kind: ttl for one field of type instant");
                }
            }
            case WILDCARD -> {
                boolean all = index.fields().equals(List.of(Index.EVERYTHING));
                if (!all && (fields.size() != 1 || !fields.get(0).type().is(Kind.JSON))) {
                    report(index, "is on a field without keys", "use kind: wildcard for one json field, or for $**");
                }
            }
            default -> {
                if (fields.stream().anyMatch(f -> f.type().is(Kind.POINT, Kind.JSON))) {
                    report(index, "is on a type without order", "use kind: geo for a point, wildcard for json");
                }
            }
        }
    }

    private void checkAgainst(List<Index> before, Index index) {
        for (Index other : before) {
            if (index.kind() == Index.Kind.TEXT && other.kind() == Index.Kind.TEXT) {
                report(
                        index,
                        "is a second text index of \"" + entity.name() + "\"",
                        "MongoDB allows one; declare it on both fields: on: [ " + String.join(", ", other.fields())
                                + ", " + String.join(", ", index.fields()) + " ]");
            }
            boolean same = index.kind() == other.kind()
                    && index.parts().equals(other.parts())
                    && index.where().equals(other.where())
                    && index.collation().equals(other.collation());
            if (same) {
                report(index, "is declared twice", "the first is at " + other.place());
            }
        }
    }

    private void report(Index index, String what, String hint) {
        problems.add(Problem.error(index.place(), "the index " + index.written() + " " + what, hint));
    }
}
