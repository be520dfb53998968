package dev.holdfast.drill.builtin;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.scenario.PointInTimeRestoreScenario;
import dev.holdfast.engine.DrillProfile.GroupRole;
import java.util.List;

/** A side-by-side restore of a MongoDB cluster to one cluster time while clients write. */
public final class MongoPointInTimeRestore {

    private MongoPointInTimeRestore() {}

    public static Drill drill() {
        return new Drill(
                "mongo-pitr",
                "Holdfast restores side by side to a cluster time between two acknowledged writes, the same on every "
                        + "shard: the first write is there, the next is not.",
                DrillSelector.of("mongodb", GroupRole.DATA),
                new PointInTimeRestoreScenario(),
                PointInTimeRestoreScenario.CLAIMS,
                List.of("a restore in place, or to other hosts", "a recovery target long ago", "a slow repository"));
    }
}
