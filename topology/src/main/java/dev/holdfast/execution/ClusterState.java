package dev.holdfast.execution;

import java.time.Instant;
import java.util.List;

/** The observed state of all nodes of one cluster at one time; engines add their own facts in their own records. */
public interface ClusterState {

    Instant at();

    List<NodeStatus> nodes();

    /** Returns what was measured for monitoring; an unknown value is left out. */
    default List<Measurement> measurements() {
        return List.of();
    }

    /** Returns the problems, worst first; empty means healthy. */
    List<HealthProblem> findings();

    /** Returns the same as sentences. */
    default List<String> problems() {
        return findings().stream().map(HealthProblem::description).toList();
    }
}
