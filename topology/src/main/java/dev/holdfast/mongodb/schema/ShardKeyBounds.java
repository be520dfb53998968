package dev.holdfast.mongodb.schema;

import static dev.holdfast.mongodb.schema.ValidatorMapping.map;

import dev.holdfast.schema.Entity;
import dev.holdfast.schema.ShardKey;
import java.util.LinkedHashMap;
import java.util.Map;

/** The values of a shard key at which chunks are split and the ranges of zones begin and end. */
final class ShardKeyBounds {

    private ShardKeyBounds() {}

    /** Returns a complete value of the shard key; missing fields get the least value. */
    static Map<String, Object> of(Entity entity, ShardKey sharding, Map<String, Object> values) {
        Map<String, Object> bound = new LinkedHashMap<>();
        for (String field : sharding.fields()) {
            Object value = values.get(field);
            bound.put(
                    field,
                    value == null
                            ? map("$minKey", 1)
                            : field.equals(sharding.hashed())
                                    ? (Object) Long.valueOf(value.toString())
                                    : ValidatorMapping.value(
                                            value.toString(),
                                            entity.field(field).orElseThrow().type()));
        }
        return bound;
    }

    /** Returns the end of a range; without one, the greatest value. */
    static Map<String, Object> upper(Entity entity, ShardKey sharding, ShardKey.Range range) {
        if (!range.to().isEmpty()) {
            return of(entity, sharding, range.to());
        }
        Map<String, Object> greatest = new LinkedHashMap<>();
        sharding.fields().forEach(f -> greatest.put(f, map("$maxKey", 1)));
        return greatest;
    }
}
