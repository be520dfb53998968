package dev.holdfast.mongodb.schema;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.Node;
import dev.holdfast.schema.Entity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The observed collections, indexes and zones of a MongoDB cluster.
 *
 * @param queryNode the router or primary for queries and changes; empty if none answers
 * @param collections the collections of the dictionary, by namespace
 * @param others other names in the dictionary's databases
 * @param zonesOfShards the zones of each shard
 * @param ranges the zone ranges of each namespace, as in config.tags
 * @param clashes the databases whose name differs from that of a missing domain only in case, by the domain
 * @param withoutSecret the answer of a server that was not asked, because a secret is not known here; empty otherwise
 */
public record CatalogState(
        Instant at,
        List<NodeStatus> nodes,
        Optional<Node> queryNode,
        Map<String, Table> collections,
        List<String> others,
        Map<String, Set<String>> zonesOfShards,
        Map<String, List<Map<String, Object>>> ranges,
        List<String> problems,
        Map<String, String> clashes,
        Optional<ActionResult> withoutSecret)
        implements ClusterState {

    CatalogState(
            Instant at,
            List<NodeStatus> nodes,
            Optional<Node> queryNode,
            Map<String, Table> collections,
            List<String> others,
            Map<String, Set<String>> zonesOfShards,
            Map<String, List<Map<String, Object>>> ranges,
            List<String> problems) {
        this(at, nodes, queryNode, collections, others, zonesOfShards, ranges, problems, Map.of(), Optional.empty());
    }

    CatalogState with(Map<String, String> databases) {
        return new CatalogState(
                at, nodes, queryNode, collections, others, zonesOfShards, ranges, problems, databases, withoutSecret);
    }

    /**
     * One existing collection.
     *
     * @param indexes its indexes; in a sharded cluster those that every shard with a part of the collection has
     * @param shardKey its shard key; empty if it is not sharded
     * @param empty whether it has no document
     * @param duplicates sentences about duplicates that prevent a missing unique index, by the index's name
     * @param lacking the shards without an index that other shards have, by the index's name
     * @param shard the shard whose validator differs from the declared one and is shown; empty if all are equal
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

        /** Returns whether its validator, level and action are as declared. */
        boolean isValidatedAs(Entity entity) {
            return DefinitionEquality.alike(ValidatorMapping.validator(entity), validator)
                    && level.equals(entity.validation().level())
                    && action.equals(entity.validation().action());
        }

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
        return queryNode.isPresent();
    }

    /** Returns whether the cluster exists, because one of its members answers, and its catalog is unknown nevertheless. */
    boolean isUnread() {
        return !isKnown()
                && nodes.stream()
                        .anyMatch(n ->
                                n.state() == NodeAvailability.UP && !n.role().isEmpty());
    }

    @Override
    public List<HealthProblem> findings() {
        return problems.stream().map(HealthProblem::minor).toList();
    }
}
