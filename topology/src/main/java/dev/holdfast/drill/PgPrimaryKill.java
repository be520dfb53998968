package dev.holdfast.drill;

import dev.holdfast.drill.fault.Kill;
import dev.holdfast.engine.Rehearsal.Part;
import java.time.Duration;
import java.util.List;

/** A PostgreSQL cluster loses its primary at once. */
public final class PgPrimaryKill {

    private PgPrimaryKill() {}

    public static Drill drill() {
        return new Drill(
                "pg-primary-kill",
                "The primary's processes end without warning; the synchronous standby is promoted, the proxies follow, and the copy in the other region stays attached.",
                Target.of("postgresql", Part.DATA),
                new Breakage(List.of(Strike.of(new Kill(), Aim.PRIMARY)), Recovery.BY_FAILOVER, Duration.ofSeconds(1)),
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
                        "a proxy that is lost together with the primary"));
    }
}
