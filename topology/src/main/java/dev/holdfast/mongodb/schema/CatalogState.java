package dev.holdfast.mongodb.schema;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.Node;
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
public record CatalogState(
        Instant at,
        List<NodeStatus> nodes,
        Optional<Node> speaker,
        Map<String, Table> collections,
        List<String> others,
        Map<String, Set<String>> zonesOfShards,
        Map<String, List<Map<String, Object>>> ranges,
        List<String> complaints)
        implements ClusterState {

    /**
     * One collection that is there.
     *
     * @param indexes of a sharded cluster: those that every shard with a part of the collection has
     * @param shardKey empty when it is not sharded
     * @param empty whether it has no document
     * @param duplicates what stands in the way of each unique index that is missing, by the index's name
     * @param lacking the shards without an index that other shards have, by the index's name
     * @param shard the shard whose validator is shown because it is not the declared one; empty when all are alike
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
            Map<String, List<String>> duplicates,
            Map<String, List<String>> lacking,
            String shard) {

        Table lacking(Map<String, List<String>> byIndex) {
            return new Table(
                    namespace, type, validator, level, action, indexes, shardKey, empty, duplicates, byIndex, shard);
        }

        Table with(boolean isEmpty, Map<String, List<String>> found) {
            return new Table(
                    namespace, type, validator, level, action, indexes, shardKey, isEmpty, found, lacking, shard);
        }
    }

    boolean isKnown() {
        return speaker.isPresent();
    }

    @Override
    public List<HealthProblem> findings() {
        return complaints.stream().map(HealthProblem::minor).toList();
    }
}
