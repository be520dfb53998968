package dev.holdfast.drill.builtin;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.scenario.PointInTimeRestoreScenario;
import dev.holdfast.engine.DrillProfile.GroupRole;
import java.util.List;

/** A side-by-side restore of a PostgreSQL cluster to a recovery target while clients write. */
public final class PostgresPointInTimeRestore {

    private PostgresPointInTimeRestore() {}

    public static Drill drill() {
        return new Drill(
                "pg-pitr",
                "Holdfast restores side by side to a recovery target between two acknowledged writes: the first is there, "
                        + "the next is not.",
                DrillSelector.of("postgresql", GroupRole.DATA),
                new PointInTimeRestoreScenario(),
                PointInTimeRestoreScenario.CLAIMS,
                List.of("a restore in place, or to other hosts", "a recovery target long ago", "a slow repository"));
    }
}
