package dev.holdfast.engine;

import dev.holdfast.model.DecisionCode;
import java.util.Optional;
import java.util.Set;

/**
 * An operator's request for a switchover or failover: the candidate, the overrides, and whether data loss is accepted.
 *
 * @param group the group inside the cluster, e.g. {@code shard-a}; empty when the cluster has only one possible group
 * @param to the node to promote, by its name in the group; empty: the decision table chooses
 * @param acceptDataLoss whether acknowledged writes may be lost, from the option of that name
 * @param overrides the codes of the overridden preconditions
 */
public record RoleChangeRequest(String group, Optional<String> to, boolean acceptDataLoss, Set<String> overrides) {

    /** Whether the operator overrides the row of a table that has this code. */
    public boolean overrides(DecisionCode code) {
        return overrides.contains(code.word());
    }
}
