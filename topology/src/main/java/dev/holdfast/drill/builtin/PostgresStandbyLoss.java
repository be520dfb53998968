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

/** A PostgreSQL cluster loses its synchronous standby. */
public final class PostgresStandbyLoss {

    private PostgresStandbyLoss() {}

    public static Drill drill() {
        return new Drill(
                "pg-standby-loss",
                "The first standby ends without warning: writes behave as the durability profile says, and nothing that was acknowledged depends on it.",
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
                List.of("what available does when the standby stays away for long"));
    }
}
