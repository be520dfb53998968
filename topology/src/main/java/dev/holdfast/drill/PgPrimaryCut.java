package dev.holdfast.drill;

import dev.holdfast.drill.fault.CutOff;
import dev.holdfast.engine.Rehearsal.Part;
import java.time.Duration;
import java.util.List;

/** A PostgreSQL cluster's primary is cut off from the rest. */
public final class PgPrimaryCut {

    private PgPrimaryCut() {}

    public static Drill drill() {
        return new Drill(
                "pg-primary-cut",
                "The host of the primary is cut off from all others; only a fenced primary may be replaced.",
                Target.of("postgresql", Part.DATA),
                new Breakage(
                        List.of(Strike.of(new CutOff(), Aim.HOST_OF_PRIMARY)),
                        Recovery.BY_FAILOVER,
                        Duration.ofSeconds(1)),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "recovered-in-time",
                        "loss-within-objective",
                        "phases-add-up",
                        "ends-whole"),
                List.of("a host that cannot be fenced because nobody can type on it"));
    }
}
