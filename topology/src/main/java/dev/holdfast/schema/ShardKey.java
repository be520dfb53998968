package dev.holdfast.schema;

import dev.holdfast.model.SourceLocation;
import java.util.List;
import java.util.Map;

/**
 * How the rows of an entity are spread over shards.
 *
 * @param hashed which of the fields is hashed; empty when all are ranged
 * @param splits values of the shard key at which an empty collection is split before the first row comes
 * @param zones which range of the shard key belongs to which zone
 */
public record ShardKey(
        SourceLocation place, List<String> fields, String hashed, List<Map<String, Object>> splits, List<Range> zones) {

    /** Values of the shard key that belong to a zone; a bound that is absent is the least or the greatest value. */
    public record Range(SourceLocation place, String zone, Map<String, Object> from, Map<String, Object> to) {}

    public ShardKey {
        fields = List.copyOf(fields);
        splits = List.copyOf(splits);
        zones = List.copyOf(zones);
    }
}
