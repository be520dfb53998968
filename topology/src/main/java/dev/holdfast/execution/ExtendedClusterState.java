package dev.holdfast.execution;

import java.time.Instant;
import java.util.List;

/** An observed state with additional information; it passes on what the nodes reported. */
public interface ExtendedClusterState extends ClusterState {

    /** Returns the state that is extended. */
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
    default List<Measurement> measurements() {
        return observed().measurements();
    }

    @Override
    default List<HealthProblem> findings() {
        return observed().findings();
    }
}
