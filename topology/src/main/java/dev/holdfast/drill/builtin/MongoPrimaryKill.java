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

/** The sudden loss of a replica set's primary. */
public final class MongoPrimaryKill {

    private MongoPrimaryKill() {}

    public static Drill drill() {
        return new Drill(
                "mongo-primary-kill",
                "The primary's processes are killed; the remaining members elect another primary, and routers and drivers find it.",
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
                        "the loss of the host: its disk and its network remain",
                        "the application's own retries: the load generator uses the driver's"));
    }
}
