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

/** The loss of a PostgreSQL cluster's synchronous standby. */
public final class PostgresStandbyLoss {

    private PostgresStandbyLoss() {}

    public static Drill drill() {
        return new Drill(
                "pg-standby-loss",
                "The first standby is killed: writes behave as the durability profile declares, and no acknowledged write depends on the standby.",
                DrillSelector.of("postgresql", GroupRole.DATA),
                new FaultScenario(
                        List.of(FaultInjection.of(new KillProcess(), TargetSelector.STANDBY)),
                        RecoveryMode.BY_REVERT,
                        Duration.ofSeconds(5)),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "served-again",
                        "loss-within-objective",
                        "others-untouched",
                        "ends-whole"),
                List.of("the profile available when the standby is away for long"));
    }
}
