package dev.holdfast.execution;

import java.time.Instant;
import java.util.List;

/** An observed cluster state with additional facts, such as a repository's contents; node facts come from the wrapped state. */
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
