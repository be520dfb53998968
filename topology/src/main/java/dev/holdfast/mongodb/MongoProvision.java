package dev.holdfast.mongodb;

import dev.holdfast.model.Topology;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import java.util.List;
import java.util.function.Function;

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
                        act("replica sets", ReplicaSets::plan),
                        act("sharding", Sharding::plan),
                        act("options", Tuning::plan),
                        act("routers", RollingRestart::routers),
                        act("health", Wholeness::plan)));
    }

    /** While a host does not answer, servers that stopped elsewhere are started, and nothing else is done. */
    private static Act<MongoSeen> act(String name, Function<MongoSeen, Plan> planner) {
        return new Act<>(name, seen -> seen.isReached() ? planner.apply(seen) : Plan.NOTHING);
    }
}
