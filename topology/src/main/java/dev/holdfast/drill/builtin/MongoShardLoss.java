package dev.holdfast.drill.builtin;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.FaultInjection;
import dev.holdfast.drill.RecoveryMode;
import dev.holdfast.drill.TargetSelector;
import dev.holdfast.drill.fault.KillProcess;
import dev.holdfast.drill.scenario.FaultScenario;
import dev.holdfast.engine.DrillProfile.GroupRole;
import java.time.Duration;
import java.util.List;

/** The loss of a whole shard of a sharded cluster. */
public final class MongoShardLoss {

    private MongoShardLoss() {}

    public static Drill drill() {
        return new Drill(
                "mongo-shard-loss",
                "Every member of one shard is killed at once: only its data is unavailable, and the other shards continue.",
                DrillSelector.of("mongodb", GroupRole.DATA),
                new FaultScenario(
                        List.of(FaultInjection.of(new KillProcess(), TargetSelector.EVERY_MEMBER)),
                        RecoveryMode.BY_REVERT,
                        Duration.ofSeconds(10)),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "recovered-in-time",
                        "loss-within-objective",
                        "phases-add-up",
                        "others-untouched",
                        "ends-whole"),
                List.of("queries to all shards at once", "the loss of the shard's disks"));
    }
}
