package dev.holdfast.engine;

import dev.holdfast.model.DecisionCode;
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

    /** Whether a person overrides the row of a table that has this code. */
    public boolean overrides(DecisionCode code) {
        return overrides.contains(code.word());
    }
}
