package dev.holdfast.drill.builtin;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.FaultInjection;
import dev.holdfast.drill.RecoveryMode;
import dev.holdfast.drill.TargetSelector;
import dev.holdfast.drill.fault.IsolateHost;
import dev.holdfast.drill.scenario.FaultScenario;
import dev.holdfast.engine.DrillProfile.GroupRole;
import java.time.Duration;
import java.util.List;

/** A partition that isolates a PostgreSQL cluster's primary. */
public final class PostgresPrimaryPartition {

    private PostgresPrimaryPartition() {}

    public static Drill drill() {
        return new Drill(
                "pg-primary-cut",
                "The primary's host is isolated from all others; Holdfast replaces the primary only after it is fenced.",
                DrillSelector.of("postgresql", GroupRole.DATA),
                new FaultScenario(
                        List.of(FaultInjection.of(new IsolateHost(), TargetSelector.HOST_OF_PRIMARY)),
                        RecoveryMode.BY_FAILOVER,
                        Duration.ofSeconds(1)),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "recovered-in-time",
                        "loss-within-objective",
                        "phases-add-up",
                        "ends-whole"),
                List.of("a host that cannot be fenced because no one has access to it"));
    }
}
