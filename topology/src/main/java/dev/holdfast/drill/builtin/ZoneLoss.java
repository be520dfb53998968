package dev.holdfast.drill.builtin;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.FaultInjection;
import dev.holdfast.drill.RecoveryMode;
import dev.holdfast.drill.TargetSelector;
import dev.holdfast.drill.fault.KillProcess;
import dev.holdfast.drill.scenario.FaultScenario;
import java.time.Duration;
import java.util.List;

/** The loss of a whole zone with all its servers of both engines. */
public final class ZoneLoss {

    private ZoneLoss() {}

    public static Drill drill() {
        return new Drill(
                "zone-loss",
                "Every server in one zone is killed at once, in every cluster: clusters with elections recover by themselves, and Holdfast fails over the others.",
                DrillSelector.ESTATE,
                new FaultScenario(
                        List.of(FaultInjection.of(new KillProcess(), TargetSelector.ZONE)),
                        RecoveryMode.AS_EACH_CAN,
                        Duration.ofSeconds(5)),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "served-again",
                        "loss-within-objective",
                        "phases-add-up",
                        "others-untouched",
                        "ends-whole"),
                List.of(
                        "a zone whose hosts are lost with their disks",
                        "an isolated zone that still runs: mongo-primary-cut and pg-primary-cut show that"));
    }
}
