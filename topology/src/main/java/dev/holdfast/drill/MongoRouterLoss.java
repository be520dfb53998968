package dev.holdfast.drill;

import dev.holdfast.drill.fault.Kill;
import dev.holdfast.engine.Rehearsal.Part;
import java.time.Duration;
import java.util.List;

/** A sharded cluster loses one of its routers. */
public final class MongoRouterLoss {

    private MongoRouterLoss() {}

    public static Drill drill() {
        return new Drill(
                "mongo-router-loss",
                "The first router ends without warning; clients that name both go on by the other.",
                Target.of("mongodb", Part.ENTRANCE),
                new Breakage(List.of(Strike.of(new Kill(), Aim.ROUTER)), Recovery.BY_ITSELF, Duration.ofSeconds(5)),
                List.of("nothing-lost", "nothing-invented", "took-effect", "carried-on", "ends-whole"),
                List.of("clients that name one router only"));
    }
}
