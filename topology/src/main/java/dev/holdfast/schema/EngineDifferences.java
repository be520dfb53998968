package dev.holdfast.schema;

import dev.holdfast.model.Problem;
import dev.holdfast.schema.FieldType.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The differences in meaning of an entity that both engines store; {@code examples/DICTIONARY.md} shows each. */
public final class EngineDifferences {

    private static final String ROUNDED =
            "MongoDB refuses excess decimal places, PostgreSQL rounds them (also in int and long)";
    private static final String BLANKS = "MongoDB refuses blanks beyond the length of a text, PostgreSQL removes them";
    private static final String MOMENTS = "MongoDB keeps milliseconds, PostgreSQL microseconds";
    private static final String GIVEN =
            "PostgreSQL has defaults and identities, in MongoDB the application sets the value";
    private static final String REFERENCES = "PostgreSQL refuses a reference to a missing row, MongoDB accepts it";
    private static final String OPEN = "MongoDB accepts keys that are not declared (closed: true refuses them),"
            + " PostgreSQL has no column for them";
    private static final String LENIENT =
            "validation: off or moderate and violation: warn apply to MongoDB, PostgreSQL refuses invalid rows";
    private static final String NULLS = "MongoDB sorts null first, PostgreSQL last";
    private static final String NAN =
            "MongoDB accepts NaN and -Infinity several times in a number that is unique and optional, PostgreSQL once";
    private static final String TTL =
            "MongoDB deletes expired documents itself, in PostgreSQL holdfast schema purge does";
    private static final String LACKING = "PostgreSQL has no hidden index and none over whole rows";
    private static final String ORDER =
            "PostgreSQL supports a collation only in strength 2 (case is ignored), not its accents and its order";

    private final Map<String, List<String>> found = new LinkedHashMap<>();

    private EngineDifferences() {}

    /** Returns one piece of advice for each kind of difference, with all the places where it matters. */
    public static List<Problem> of(List<Entity> kept, String mongodb, String postgresql) {
        EngineDifferences differences = new EngineDifferences();
        kept.forEach(differences::entity);
        List<Problem> problems = new ArrayList<>();
        differences.found.forEach((what, where) -> problems.add(Problem.warn(
                kept.get(0).place(),
                mongodb + " (MongoDB) and " + postgresql
                        + " (PostgreSQL) store the same entities with different meaning: " + what + ": "
                        + String.join(", ", where),
                "write store: mongodb or store: postgresql, or use only common features; see examples/DICTIONARY.md")));
        return problems;
    }

    private void entity(Entity entity) {
        entity.fields().forEach(f -> field(entity, f));
        entity.references().forEach(r -> add(REFERENCES, entity, String.join("+", r.fields())));
        Entity.Validation validation = entity.validation();
        if (!validation.closed()) {
            found.computeIfAbsent(OPEN, k -> new ArrayList<>()).add(entity.id());
        }
        if (!validation.level().equals("strict") || !validation.action().equals("error")) {
            found.computeIfAbsent(LENIENT, k -> new ArrayList<>()).add(entity.id());
        }
        entity.indexes().forEach(i -> index(entity, i));
    }

    private void field(Entity entity, Field field) {
        FieldType type = field.type().item().orElse(field.type());
        if (type.is(Kind.INT, Kind.LONG, Kind.DECIMAL)) {
            add(ROUNDED, entity, field.name());
        }
        if (type.is(Kind.TEXT, Kind.EMAIL) && (type.length() > 0 || type.is(Kind.EMAIL))) {
            add(BLANKS, entity, field.name());
        }
        if (type.is(Kind.INSTANT)) {
            add(MOMENTS, entity, field.name());
        }
        if (field.identity() || !field.otherwise().isEmpty()) {
            add(GIVEN, entity, field.name());
        }
    }

    private void index(Entity entity, Index index) {
        boolean hasNumber = index.fields().stream()
                .anyMatch(f -> entity.field(f)
                        .filter(n -> n.optional() && n.type().is(Kind.NUMBER))
                        .isPresent());
        if (index.unique() && hasNumber) {
            add(NAN, entity, index.written());
        }
        boolean ordered = index.kind() == Index.Kind.PLAIN && !index.unique();
        boolean hasNull = index.fields().stream()
                .anyMatch(f -> entity.field(f).filter(Field::optional).isPresent());
        if (ordered && hasNull) {
            add(NULLS, entity, index.written());
        }
        if (index.kind() == Index.Kind.TTL) {
            add(TTL, entity, index.fields().get(0));
        }
        if (index.hidden() || index.fields().contains(Index.EVERYTHING)) {
            add(LACKING, entity, index.written());
        }
        if (index.collation().filter(c -> c.strength() != 2).isPresent()) {
            add(ORDER, entity, index.written());
        }
    }

    private void add(String what, Entity entity, String part) {
        found.computeIfAbsent(what, k -> new ArrayList<>()).add(entity.id() + "." + part);
    }
}
