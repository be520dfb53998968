package dev.holdfast.drill;

import dev.holdfast.drill.fault.Freeze;
import dev.holdfast.engine.Rehearsal.Part;
import java.time.Duration;
import java.util.List;

/** A PostgreSQL cluster's primary hangs. */
public final class PgPrimaryFreeze {

    private PgPrimaryFreeze() {}

    public static Drill drill() {
        return new Drill(
                "pg-primary-freeze",
                "The primary is stopped but not ended: its port still accepts. It must be fenced before another is promoted.",
                Target.of("postgresql", Part.DATA),
                new Breakage(
                        List.of(Strike.of(new Freeze(), Aim.PRIMARY)), Recovery.BY_FAILOVER, Duration.ofSeconds(1)),
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
