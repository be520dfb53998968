package dev.holdfast.mongodb;

import dev.holdfast.model.Node;
import dev.holdfast.world.Observation;
import dev.holdfast.world.Observed;
import dev.holdfast.world.World;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What all members of one replica set said at one moment, and what their directories tell of its past. */
record RoleSeen(MongoSeen mongo, Map<Node, Traces> traces) implements Observed {

    static RoleSeen look(World world, LoneSet set) {
        return new RoleSeen(
                MongoLook.at(world, set.topology(), set.cluster()),
                Traces.look(world, set.set().nodes()));
    }

    SetSeen set() {
        return mongo.seat();
    }

    Traces traces(Node node) {
        return traces.getOrDefault(node, Traces.NONE);
    }

    @Override
    public Instant at() {
        return mongo.at();
    }

    @Override
    public List<Observation> nodes() {
        return mongo.nodes();
    }

    @Override
    public List<String> complaints() {
        return mongo.complaints();
    }
}
