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

/** An estate loses a whole zone, with whatever of both engines is in it. */
public final class ZoneLoss {

    private ZoneLoss() {}

    public static Drill drill() {
        return new Drill(
                "zone-loss",
                "Every server in one zone ends at once, of every cluster: what elects recovers by itself, what does not is failed over by Holdfast.",
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
                        "a zone that is cut off but lives: mongo-primary-cut and pg-primary-cut show that"));
    }
}
