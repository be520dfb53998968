package dev.holdfast.mongodb;

import dev.holdfast.model.Node;
import dev.holdfast.world.Observed;
import dev.holdfast.world.Widened;
import dev.holdfast.world.World;
import java.util.Map;

/** What all members of one replica set said at one moment, and what their directories tell of its past. */
record RoleSeen(MongoSeen mongo, Map<Node, Traces> traces) implements Widened {

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
    public Observed observed() {
        return mongo;
    }
}
