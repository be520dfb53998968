package dev.holdfast.drill;

import dev.holdfast.drill.Drill.Recovery;
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
                "mongodb",
                Part.DATA,
                Aim.PRIMARY,
                List.of(new Kill()),
                Recovery.BY_ITSELF,
                Duration.ofSeconds(1),
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
