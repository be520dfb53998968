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

/** A replica set loses its primary at once. */
public final class MongoPrimaryKill {

    private MongoPrimaryKill() {}

    public static Drill drill() {
        return new Drill(
                "mongo-primary-kill",
                "The primary's processes end without warning; the members that are left elect another, and routers and drivers find it.",
                DrillSelector.of("mongodb", GroupRole.DATA),
                new FaultScenario(
                        List.of(FaultInjection.of(new KillProcess(), TargetSelector.PRIMARY)),
                        RecoveryMode.BY_ITSELF,
                        Duration.ofSeconds(1)),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "recovered-in-time",
                        "loss-within-objective",
                        "phases-add-up",
                        "others-untouched",
                        "ends-whole"),
                List.of(
                        "the loss of the host: its disk and its network stay",
                        "the application's own retries: the witness uses the driver's"));
    }
}
