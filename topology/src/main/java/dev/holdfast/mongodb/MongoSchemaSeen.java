package dev.holdfast.mongodb;

import dev.holdfast.model.Node;
import dev.holdfast.world.Observation;
import dev.holdfast.world.Observed;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a MongoDB cluster's catalogue holds.
 *
 * @param speaker the router or primary that told it, and that changes are said to; absent when nobody answers
 * @param collections by namespace, those of the dictionary
 * @param others names of what else stands in the dictionary's databases
 * @param zonesOfShards the zones of each shard
 * @param ranges the zone ranges of each namespace, as they stand in config.tags
 */
record MongoSchemaSeen(
        Instant at,
        List<Observation> nodes,
        Optional<Node> speaker,
        Map<String, Table> collections,
        List<String> others,
        Map<String, Set<String>> zonesOfShards,
        Map<String, List<Map<String, Object>>> ranges,
        List<String> complaints)
        implements Observed {

    /**
     * One collection that is there.
     *
     * @param shardKey empty when it is not sharded
     * @param empty whether it has no document
     * @param duplicates what stands in the way of each unique index that is missing, by the index's name
     */
    record Table(
            String namespace,
            String type,
            Map<String, Object> validator,
            String level,
            String action,
            List<Map<String, Object>> indexes,
            Map<String, Object> shardKey,
            boolean empty,
            Map<String, List<String>> duplicates) {

        Table with(boolean isEmpty, Map<String, List<String>> found) {
            return new Table(namespace, type, validator, level, action, indexes, shardKey, isEmpty, found);
        }
    }

    boolean isKnown() {
        return speaker.isPresent();
    }
}
