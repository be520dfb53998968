package dev.holdfast.drill.builtin;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.scenario.SwitchoverScenario;
import dev.holdfast.engine.DrillProfile.GroupRole;
import java.util.List;

/** A PostgreSQL cluster's primary hands over in the planned way. */
public final class PostgresPlannedSwitchover {

    private PostgresPlannedSwitchover() {}

    public static Drill drill() {
        return new Drill(
                "pg-switchover",
                "The primary hands its role to the synchronous standby, as before maintenance.",
                DrillSelector.of("postgresql", GroupRole.DATA),
                new SwitchoverScenario(true),
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
