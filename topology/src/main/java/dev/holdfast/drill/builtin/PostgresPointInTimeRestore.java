package dev.holdfast.drill.builtin;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.scenario.PointInTimeRestoreScenario;
import dev.holdfast.engine.DrillProfile.GroupRole;
import java.util.List;

/** A moment of a PostgreSQL cluster is brought back while clients write. */
public final class PostgresPointInTimeRestore {

    private PostgresPointInTimeRestore() {}

    public static Drill drill() {
        return new Drill(
                "pg-pitr",
                "A moment between two acknowledged writes is brought back beside the running servers: the one is there, "
                        + "the next is not.",
                DrillSelector.of("postgresql", GroupRole.DATA),
                new PointInTimeRestoreScenario(),
                PointInTimeRestoreScenario.CLAIMS,
                List.of("a restore in place, or into other hosts", "a moment long ago", "a repository that is slow"));
    }
}
