package dev.holdfast.drill;

import dev.holdfast.drill.fault.Kill;
import dev.holdfast.engine.Rehearsal.Part;
import java.time.Duration;
import java.util.List;

/** A PostgreSQL cluster loses its synchronous standby. */
public final class PgStandbyLoss {

    private PgStandbyLoss() {}

    public static Drill drill() {
        return new Drill(
                "pg-standby-loss",
                "The first standby ends without warning: writes behave as the durability profile says, and nothing that was acknowledged depends on it.",
                Target.of("postgresql", Part.DATA),
                new Breakage(List.of(Strike.of(new Kill(), Aim.STANDBY)), Recovery.BY_MEND, Duration.ofSeconds(5)),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "served-again",
                        "loss-within-objective",
                        "others-untouched",
                        "ends-whole"),
                List.of("what available does when the standby stays away for long"));
    }
}
