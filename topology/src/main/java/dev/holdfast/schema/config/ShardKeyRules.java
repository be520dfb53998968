package dev.holdfast.schema.config;

import dev.holdfast.config.Suggestion;
import dev.holdfast.model.Problem;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Field;
import dev.holdfast.schema.FieldType.Kind;
import dev.holdfast.schema.Literals;
import dev.holdfast.schema.ShardKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules for shard keys: MongoDB enforces uniqueness only for an index that begins with the shard key. */
final class ShardKeyRules {

    private final Dictionary dictionary;
    private final Entity entity;
    private final ShardKey sharding;
    private final List<Problem> problems;

    private ShardKeyRules(Dictionary dictionary, Entity entity, ShardKey sharding, List<Problem> problems) {
        this.dictionary = dictionary;
        this.entity = entity;
        this.sharding = sharding;
        this.problems = problems;
    }

    static void check(Dictionary dictionary, Entity entity, List<Problem> problems) {
        entity.sharding().ifPresent(s -> new ShardKeyRules(dictionary, entity, s, problems).check());
    }

    /** Returns whether rows that are equal in some fields are always on one shard. */
    static boolean isPrefix(List<String> shardKey, List<String> fields) {
        return fields.size() >= shardKey.size()
                && fields.subList(0, shardKey.size()).equals(shardKey);
    }

    private void check() {
        for (String name : sharding.fields()) {
            FieldRules.known(entity, name, sharding.place(), problems).ifPresent(this::checkField);
        }
        entity.uniques()
                .filter(u -> !isPrefix(sharding.fields(), u.fields()))
                .forEach(u -> problems.add(Problem.error(
                        u.place(),
                        "the unique index " + u.written() + " does not begin with the shard key " + description()
                                + ": MongoDB cannot enforce it across shards",
                        "begin the index with " + description() + ", shard by " + u.written() + ", or keep \""
                                + entity.name() + "\" on one shard (no shardKey)")));
        checkKey();
        checkSplits();
        sharding.zones().forEach(this::checkZone);
    }

    private void checkField(Field field) {
        if (field.type().is(Kind.LIST, Kind.JSON, Kind.POINT)) {
            report(
                    "the shard key contains \"" + field.name() + "\", which is a "
                            + field.type().written(),
                    "use a simple value");
        }
    }

    /** Refuses a key outside the shard key unless it is a random UUID; any other key needs a unique index. */
    private void checkKey() {
        boolean random = entity.key().size() == 1
                && entity.field(entity.key().get(0))
                        .filter(f -> f.type().is(Kind.UUID))
                        .isPresent();
        if (!random && !isPrefix(sharding.fields(), entity.key())) {
            report(
                    "the key " + entity.key() + " does not begin with the shard key " + description()
                            + " and is not a uuid: MongoDB cannot enforce it across shards",
                    "shard by the key, or make the key a uuid");
        }
    }

    private void checkSplits() {
        if (!sharding.splits().isEmpty()
                && sharding.hashed().equals(sharding.fields().get(0))) {
            report("MongoDB splits a hashed shard key itself", "omit split, or shard by ranges");
        }
        for (Map<String, Object> split : sharding.splits()) {
            if (!new ArrayList<>(split.keySet()).equals(sharding.fields())) {
                report("a split names " + split.keySet(), "write a value for each of " + description());
            }
            checkValues(split);
        }
    }

    private void checkZone(ShardKey.Range range) {
        if (!dictionary.zones().containsKey(range.zone())) {
            problems.add(Problem.error(
                    range.place(),
                    "the zone \"" + range.zone() + "\" does not exist",
                    Suggestion.hint(range.zone(), dictionary.zones().keySet(), "zones of this dictionary: ")));
        }
        for (Map<String, Object> bound : List.of(range.from(), range.to())) {
            boolean fits = bound.isEmpty() || isPrefix(new ArrayList<>(bound.keySet()), sharding.fields());
            if (!fits) {
                report("a zone's bound names " + bound.keySet(), "begin with the shard key " + description());
            }
            checkValues(bound);
        }
    }

    private void checkValues(Map<String, Object> values) {
        values.forEach((name, value) -> {
            Optional<Field> field = entity.field(name);
            boolean isHash = name.equals(sharding.hashed());
            if (field.isPresent()
                    && !isHash
                    && !Literals.fits(value.toString(), field.get().type())) {
                report(
                        "\"" + value + "\" is not a value of type "
                                + field.get().type().written(),
                        "write a value of the field " + name);
            }
        });
    }

    private String description() {
        return "(" + String.join(", ", sharding.fields()) + ")";
    }

    private void report(String what, String hint) {
        problems.add(Problem.error(sharding.place(), what, hint));
    }
}
