package dev.holdfast.execution;

import java.time.Instant;
import java.util.List;

/** What nodes said, with something more about it; of the nodes themselves it tells what they said. */
public interface ExtendedClusterState extends ClusterState {

    /** What is widened. */
    ClusterState observed();

    @Override
    default Instant at() {
        return observed().at();
    }

    @Override
    default List<NodeStatus> nodes() {
        return observed().nodes();
    }

    @Override
    default List<HealthProblem> findings() {
        return observed().findings();
    }
}
