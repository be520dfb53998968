package dev.holdfast.postgres.schema;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.Node;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The contents of a PostgreSQL database's catalog.
 *
 * @param queryNode the primary that answered and that gets the changes; absent without an answer
 * @param tables by {@code schema.table}, those of the dictionary
 * @param others names of further objects in the dictionary's schemas
 * @param granted users that can read and write all tables of a schema, as {@code schema/user}
 */
public record CatalogState(
        Instant at,
        List<NodeStatus> nodes,
        Optional<Node> queryNode,
        Set<String> schemas,
        Map<String, Table> tables,
        List<String> others,
        Set<String> granted,
        boolean postgis,
        List<String> problems)
        implements ClusterState {

    /**
     * One existing table.
     *
     * @param kind r for a table, p for a partitioned one; anything else is no table
     * @param empty whether it has no rows; of a partitioned one, whether no partition has any
     * @param duplicates rows that block each missing unique constraint, by its name
     * @param users the objects whose definition uses a column, by the column; PostgreSQL keeps its type as long as they exist
     * @param partitions the partitions of a partitioned table that store rows, with their schema and quoted for SQL
     */
    record Table(
            String kind,
            boolean empty,
            Map<String, Column> columns,
            Map<String, Part> constraints,
            Map<String, Part> indexes,
            Map<String, List<String>> duplicates,
            Map<String, List<String>> users,
            List<String> partitions) {

        Table(
                String kind,
                boolean empty,
                Map<String, Column> columns,
                Map<String, Part> constraints,
                Map<String, Part> indexes,
                Map<String, List<String>> duplicates) {
            this(kind, empty, columns, constraints, indexes, duplicates, Map.of(), List.of());
        }

        Table with(Map<String, List<String>> found) {
            return new Table(kind, empty, columns, constraints, indexes, found, users, partitions);
        }

        boolean isPartitioned() {
            return kind.equals("p");
        }
    }

    /** @param otherwise the default's expression; {@code identity} for an identity; empty for none */
    record Column(String type, boolean optional, String otherwise) {}

    /**
     * A constraint or an index.
     *
     * @param valid convalidated or indisvalid
     * @param more the constraint's kind; of an index, constraint or building
     */
    record Part(String definition, boolean valid, String more) {}

    boolean isKnown() {
        return queryNode.isPresent();
    }

    /** Returns whether the cluster exists, because one of its members answers, and its catalog is unknown nevertheless. */
    boolean isUnread() {
        return !isKnown() && nodes.stream().anyMatch(n -> n.state() == NodeAvailability.UP);
    }

    @Override
    public List<HealthProblem> findings() {
        return problems.stream().map(HealthProblem::minor).toList();
    }
}
