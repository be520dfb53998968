package dev.holdfast.engine;

import java.util.Optional;
import java.util.Set;

/**
 * What a person asks for when roles shall change.
 *
 * @param group the group inside the cluster, e.g. {@code shard-a}; empty when the cluster has only one that can be meant
 * @param to the node that shall become primary, by its name in the group; empty leaves the choice to the table
 * @param acceptDataLoss that acknowledged writes may be lost, as asked for by its own flag
 * @param overrides codes of single interlocks that are overridden
 */
public record RoleChangeRequest(String group, Optional<String> to, boolean acceptDataLoss, Set<String> overrides) {

    /** Lets a failover follow another one that was done shortly before. */
    public static final String AGAIN = "failover-again";

    /** The override of a person who has switched the lost primary's host off. */
    public static final String FENCED_MANUALLY = "fenced-by-hand";
}
