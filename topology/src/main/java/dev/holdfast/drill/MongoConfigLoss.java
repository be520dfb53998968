package dev.holdfast.drill;

import dev.holdfast.drill.fault.Kill;
import dev.holdfast.engine.Rehearsal.Part;
import java.time.Duration;
import java.util.List;

/** A sharded cluster loses the majority of its config servers. */
public final class MongoConfigLoss {

    private MongoConfigLoss() {}

    public static Drill drill() {
        return new Drill(
                "mongo-config-loss",
                "The majority of the config servers ends: reads and writes go on, while nothing can be created, moved or sharded.",
                Target.of("mongodb", Part.CONFIG),
                new Breakage(
                        List.of(Strike.of(new Kill(), Aim.CONFIG_MAJORITY)), Recovery.BY_ITSELF, Duration.ofSeconds(5)),
                List.of("nothing-lost", "nothing-invented", "took-effect", "carried-on", "ends-whole"),
                List.of("what needs the config servers: new databases, sharding, moving chunks"));
    }
}
