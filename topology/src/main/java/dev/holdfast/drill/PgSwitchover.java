package dev.holdfast.drill;

import dev.holdfast.drill.Drill.Recovery;
import dev.holdfast.engine.Rehearsal.Part;
import java.time.Duration;
import java.util.List;

/** A PostgreSQL cluster's primary hands over in the planned way. */
public final class PgSwitchover {

    private PgSwitchover() {}

    public static Drill drill() {
        return new Drill(
                "pg-switchover",
                "The primary hands its role to the synchronous standby, as before maintenance.",
                "postgresql",
                Part.DATA,
                Aim.PRIMARY,
                List.of(),
                Recovery.BY_SWITCHOVER,
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
                List.of("an archiver that is behind when the primary is asked to stop"));
    }
}
