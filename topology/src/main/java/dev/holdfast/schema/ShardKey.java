package dev.holdfast.schema;

import dev.holdfast.model.SourceLocation;
import java.util.List;
import java.util.Map;

/**
 * The shard key of an entity.
 *
 * @param hashed the hashed field; empty if all are ranged
 * @param splits values of the shard key at which an empty collection is split
 * @param zones the zone of each range of the shard key
 */
public record ShardKey(
        SourceLocation place, List<String> fields, String hashed, List<Map<String, Object>> splits, List<Range> zones) {

    /** A range of the shard key in a zone; a missing bound is the least or the greatest value. */
    public record Range(SourceLocation place, String zone, Map<String, Object> from, Map<String, Object> to) {}

    public ShardKey {
        fields = List.copyOf(fields);
        splits = List.copyOf(splits);
        zones = List.copyOf(zones);
    }
}
