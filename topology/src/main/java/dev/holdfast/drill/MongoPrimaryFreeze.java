package dev.holdfast.drill;

import dev.holdfast.drill.fault.Freeze;
import dev.holdfast.engine.Rehearsal.Part;
import java.time.Duration;
import java.util.List;

/** A replica set's primary hangs. */
public final class MongoPrimaryFreeze {

    private MongoPrimaryFreeze() {}

    public static Drill drill() {
        return new Drill(
                "mongo-primary-freeze",
                "The primary is stopped but not ended: its port still accepts. Others must elect without being told, and clients must give up by themselves.",
                Target.of("mongodb", Part.DATA),
                new Breakage(List.of(Strike.of(new Freeze(), Aim.PRIMARY)), Recovery.BY_ITSELF, Duration.ofSeconds(1)),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "recovered-in-time",
                        "loss-within-objective",
                        "phases-add-up",
                        "others-untouched",
                        "ends-whole"),
                List.of("a host that freezes as a whole, with its kernel"));
    }
}
