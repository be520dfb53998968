package dev.holdfast.execution;

import java.time.Instant;
import java.util.List;

/** What all nodes of one cluster said at one moment; engines add what they know in records of their own. */
public interface ClusterState {

    Instant at();

    List<NodeStatus> nodes();

    /** What is not as it should be, worst first; empty means healthy. */
    List<HealthProblem> findings();

    /** The same, as sentences. */
    default List<String> complaints() {
        return findings().stream().map(HealthProblem::description).toList();
    }
}
