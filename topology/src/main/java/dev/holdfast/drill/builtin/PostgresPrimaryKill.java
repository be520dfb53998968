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

/** The sudden loss of a PostgreSQL cluster's primary. */
public final class PostgresPrimaryKill {

    private PostgresPrimaryKill() {}

    public static Drill drill() {
        return new Drill(
                "pg-primary-kill",
                "The primary's processes are killed; the synchronous standby is promoted, the proxies follow, and the standby in the other region stays attached.",
                DrillSelector.of("postgresql", GroupRole.DATA),
                new FaultScenario(
                        List.of(FaultInjection.of(new KillProcess(), TargetSelector.PRIMARY)),
                        RecoveryMode.BY_FAILOVER,
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
                        "a proxy that is lost together with the primary"));
    }
}
