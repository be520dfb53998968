package dev.holdfast.drill.builtin;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.scenario.PointInTimeRestoreScenario;
import dev.holdfast.engine.DrillProfile.GroupRole;
import java.util.List;

/** A cluster time of all sets of a MongoDB cluster is brought back while clients write. */
public final class MongoPointInTimeRestore {

    private MongoPointInTimeRestore() {}

    public static Drill drill() {
        return new Drill(
                "mongo-pitr",
                "A moment between two acknowledged writes is brought back beside the running servers, on every shard the "
                        + "same: the one write is there, the next is not.",
                DrillSelector.of("mongodb", GroupRole.DATA),
                new PointInTimeRestoreScenario(),
                PointInTimeRestoreScenario.CLAIMS,
                List.of("a restore in place, or into other hosts", "a moment long ago", "a repository that is slow"));
    }
}
