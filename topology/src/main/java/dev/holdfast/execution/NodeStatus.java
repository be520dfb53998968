package dev.holdfast.execution;

import dev.holdfast.model.Node;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The reported state of one node: availability, role and facts.
 *
 * @param role primary, secondary, standby, arbiter, router, proxy; empty when unknown
 * @param facts further observations, by stable names such as {@code lag_bytes}, {@code version}, {@code sync_state};
 *     printed by status
 */
public record NodeStatus(Node node, NodeAvailability state, String role, Map<String, Object> facts) {
    public NodeStatus {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /** The name of the fact that says what an operator does about a node that does not answer. */
    public static final String REMEDY = "remedy";

    public Optional<Object> fact(String name) {
        return Optional.ofNullable(facts.get(name));
    }
}
