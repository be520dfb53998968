package dev.holdfast.drill;

import dev.holdfast.drill.fault.Kill;
import dev.holdfast.engine.Rehearsal.Part;
import java.time.Duration;
import java.util.List;

/** A replica set loses its primary at once. */
public final class MongoPrimaryKill {

    private MongoPrimaryKill() {}

    public static Drill drill() {
        return new Drill(
                "mongo-primary-kill",
                "The primary's processes end without warning; the members that are left elect another, and routers and drivers find it.",
                Target.of("mongodb", Part.DATA),
                new Breakage(List.of(Strike.of(new Kill(), Aim.PRIMARY)), Recovery.BY_ITSELF, Duration.ofSeconds(1)),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "recovered-in-time",
                        "loss-within-objective",
                        "phases-add-up",
                        "others-untouched",
                        "ends-whole"),
                List.of(
                        "the loss of the host: its disk and its network stay",
                        "the application's own retries: the witness uses the driver's"));
    }
}
