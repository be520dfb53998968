package dev.holdfast.drill.builtin;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.scenario.SwitchoverScenario;
import dev.holdfast.engine.DrillProfile.GroupRole;
import java.util.List;

/** A planned switchover of a PostgreSQL cluster. */
public final class PostgresPlannedSwitchover {

    private PostgresPlannedSwitchover() {}

    public static Drill drill() {
        return new Drill(
                "pg-switchover",
                "The primary role moves to the synchronous standby, as before maintenance.",
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
                List.of("an archiver that is behind when the primary stops"));
    }
}
