package dev.holdfast.schema.config;

import dev.holdfast.config.ConfigCursor;
import dev.holdfast.config.ConfigNode;
import dev.holdfast.config.Suggestion;
import dev.holdfast.model.Problem;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Field;
import dev.holdfast.schema.FieldType;
import dev.holdfast.schema.Reference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The reader of dictionary files, which returns a dictionary or reports all problems. */
public final class DictionaryReader {

    /** @param dictionary empty if a problem is an error */
    public record Result(Optional<Dictionary> dictionary, List<Problem> problems) {}

    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Entity> entities = new LinkedHashMap<>();
    private final Map<String, List<String>> zones = new LinkedHashMap<>();

    private DictionaryReader() {}

    /** @param files the files that one cluster declares, in its order */
    public static Result read(List<ConfigNode> files) {
        DictionaryReader reader = new DictionaryReader();
        files.forEach(reader::gather);
        boolean isRead = reader.problems.stream().noneMatch(Problem::isError);
        Dictionary dictionary = reader.resolved();
        if (isRead) {
            DictionaryRules.check(dictionary, reader.problems);
        }
        boolean isWrong = reader.problems.stream().anyMatch(Problem::isError);
        return new Result(isWrong ? Optional.empty() : Optional.of(dictionary), List.copyOf(reader.problems));
    }

    private void gather(ConfigNode file) {
        ConfigCursor keys = ConfigCursor.examined(file, DictionarySchema.whole(), problems);
        if (problems.stream().anyMatch(Problem::isError)) {
            return;
        }
        String domain = keys.at("domain").text("");
        NameRules.check(keys.at("domain"), domain, "the domain");
        keys.at("zones").entries().forEach(z -> zones.put(z.name(), z.words()));
        for (ConfigCursor entity : keys.at("entities").entries()) {
            Entity read = new EntityReader(entity, domain, keys.at("store").text("")).read();
            Entity earlier = entities.putIfAbsent(read.name(), read);
            if (earlier != null) {
                entity.wrong(
                        "two entities have the name \"" + read.name() + "\"",
                        "the first is at " + earlier.place() + "; rename one of them");
            }
        }
    }

    /** Resolves every reference, so that a field that references a key has that key's type. */
    private Dictionary resolved() {
        List<Entity> whole = new ArrayList<>();
        for (Entity entity : entities.values()) {
            List<Reference> references = new ArrayList<>();
            Map<String, FieldType> types = new HashMap<>();
            for (Reference reference : entity.references()) {
                Entity named = entities.get(reference.to());
                if (named == null) {
                    unknown(entity, reference);
                    continue;
                }
                Reference pointing = reference.of().isEmpty() ? reference.pointingAt(named.key()) : reference;
                references.add(pointing);
                if (pointing.fields().size() == 1 && pointing.of().size() == 1) {
                    types.put(
                            pointing.fields().get(0), type(named, pointing.of().get(0), 0));
                }
            }
            List<Field> fields = entity.fields().stream()
                    .map(f -> isNamed(entity, f) && types.get(f.name()) != null ? f.ofType(types.get(f.name())) : f)
                    .toList();
            whole.add(entity.withFields(fields, references));
        }
        return new Dictionary(whole, zones);
    }

    private static boolean isNamed(Entity entity, Field field) {
        return entity.references().stream()
                .anyMatch(r -> r.of().isEmpty() && r.fields().equals(List.of(field.name())));
    }

    private void unknown(Entity entity, Reference reference) {
        problems.add(Problem.error(
                reference.place(),
                "\"" + entity.name() + "\" refers to \"" + reference.to() + "\", which does not exist",
                Suggestion.hint(reference.to(), entities.keySet(), "entities: ")));
    }

    /** Resolves keys that are references themselves; a cycle of such keys has no type and is reported. */
    private FieldType type(Entity named, String field, int depth) {
        Optional<Reference> further = named.references().stream()
                .filter(r -> r.of().isEmpty() && r.fields().equals(List.of(field)))
                .findFirst();
        if (further.isPresent() && depth < entities.size()) {
            Entity next = entities.get(further.get().to());
            if (next != null && next.key().size() == 1) {
                return type(next, next.key().get(0), depth + 1);
            }
        }
        return named.field(field).map(Field::type).orElse(null);
    }
}
