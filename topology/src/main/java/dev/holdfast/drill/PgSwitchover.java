package dev.holdfast.drill;

import dev.holdfast.engine.Rehearsal.Part;
import java.util.List;

/** A PostgreSQL cluster's primary hands over in the planned way. */
public final class PgSwitchover {

    private PgSwitchover() {}

    public static Drill drill() {
        return new Drill(
                "pg-switchover",
                "The primary hands its role to the synchronous standby, as before maintenance.",
                Target.of("postgresql", Part.DATA),
                new HandOver(true),
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
