package dev.holdfast.drill.builtin;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.scenario.PointInTimeRestoreScenario;
import java.util.List;

/** All clusters of an estate, of either engine, are brought back to the same instant while clients write to all of them. */
public final class EstatePointInTimeRestore {

    private EstatePointInTimeRestore() {}

    public static Drill drill() {
        return new Drill(
                "estate-pitr",
                "Every cluster of the estate is brought back beside the running servers to the same instant: what was "
                        + "acknowledged before it is there, what began after it is not.",
                DrillSelector.ESTATE,
                new PointInTimeRestoreScenario(),
                PointInTimeRestoreScenario.CLAIMS,
                List.of(
                        "a restore in place, or into other hosts",
                        "a moment long ago",
                        "machines whose clocks differ: the instant waits for all of them, and is as wide as they differ"));
    }
}
