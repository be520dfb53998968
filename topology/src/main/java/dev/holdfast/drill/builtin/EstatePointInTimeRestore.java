package dev.holdfast.drill.builtin;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.scenario.PointInTimeRestoreScenario;
import java.util.List;

/** A side-by-side restore of all clusters to one time while clients write to all of them. */
public final class EstatePointInTimeRestore {

    private EstatePointInTimeRestore() {}

    public static Drill drill() {
        return new Drill(
                "estate-pitr",
                "Holdfast restores every cluster of the estate side by side to the same time: what was "
                        + "acknowledged before it is there, what began after it is not.",
                DrillSelector.ESTATE,
                new PointInTimeRestoreScenario(),
                PointInTimeRestoreScenario.CLAIMS,
                List.of(
                        "a restore in place, or to other hosts",
                        "a recovery target long ago",
                        "machines with different clocks: the recovery target is as imprecise as the clocks differ"));
    }
}
