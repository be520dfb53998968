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

/** The loss of a replica set's majority. */
public final class MongoMajorityLoss {

    private MongoMajorityLoss() {}

    public static Drill drill() {
        return new Drill(
                "mongo-majority-loss",
                "The majority of a replica set is killed, including its primary: no member can become primary, and nothing is forced.",
                DrillSelector.of("mongodb", GroupRole.DATA),
                new FaultScenario(
                        List.of(FaultInjection.of(new KillProcess(), TargetSelector.MAJORITY)),
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
                List.of("a forced reconfiguration of a replica set without a majority"));
    }
}
