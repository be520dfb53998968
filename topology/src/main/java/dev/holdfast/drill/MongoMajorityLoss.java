package dev.holdfast.drill;

import dev.holdfast.drill.fault.Kill;
import dev.holdfast.engine.Rehearsal.Part;
import java.time.Duration;
import java.util.List;

/** A replica set loses its majority. */
public final class MongoMajorityLoss {

    private MongoMajorityLoss() {}

    public static Drill drill() {
        return new Drill(
                "mongo-majority-loss",
                "The majority of a set ends, its primary first: nobody may become primary, and nothing is forced.",
                Target.of("mongodb", Part.DATA),
                new Breakage(List.of(Strike.of(new Kill(), Aim.MAJORITY)), Recovery.BY_MEND, Duration.ofSeconds(10)),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "recovered-in-time",
                        "loss-within-objective",
                        "phases-add-up",
                        "others-untouched",
                        "ends-whole"),
                List.of("forcing a set without a majority"));
    }
}
