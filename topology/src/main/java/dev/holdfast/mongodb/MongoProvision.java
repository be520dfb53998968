package dev.holdfast.mongodb;

import dev.holdfast.model.Topology;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Runbook;
import java.util.List;

/** The runbook from whatever is there to what is declared. */
final class MongoProvision {

    private MongoProvision() {}

    static Runbook<MongoSeen> of(Topology topology, MongoCluster cluster) {
        return new Runbook<>(
                cluster.name(),
                "Provision MongoDB cluster " + cluster.name(),
                world -> MongoLook.at(world, topology, cluster),
                List.of(
                        new Act<>("preconditions", Preflight::plan),
                        new Act<>("servers", Processes::plan),
                        new Act<>("replica sets", ReplicaSets::plan),
                        new Act<>("sharding", Sharding::plan),
                        new Act<>("options", Tuning::plan),
                        new Act<>("routers", RollingRestart::routers),
                        new Act<>("health", Wholeness::plan)));
    }
}
