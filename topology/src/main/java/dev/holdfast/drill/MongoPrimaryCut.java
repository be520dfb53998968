package dev.holdfast.drill;

import dev.holdfast.drill.fault.CutOff;
import dev.holdfast.engine.Rehearsal.Part;
import java.time.Duration;
import java.util.List;

/** A replica set's primary is cut off from the rest. */
public final class MongoPrimaryCut {

    private MongoPrimaryCut() {}

    public static Drill drill() {
        return new Drill(
                "mongo-primary-cut",
                "The host of the primary is cut off from all others; the majority elects another, and the one that is cut off must step down.",
                Target.of("mongodb", Part.DATA),
                new Breakage(
                        List.of(Strike.of(new CutOff(), Aim.HOST_OF_PRIMARY)),
                        Recovery.BY_ITSELF,
                        Duration.ofSeconds(1)),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "recovered-in-time",
                        "loss-within-objective",
                        "phases-add-up",
                        "ends-whole"),
                List.of("a network that fails in one direction only"));
    }
}
