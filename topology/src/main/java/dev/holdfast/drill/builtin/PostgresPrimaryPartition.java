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

/** A PostgreSQL cluster's primary is cut off from the rest. */
public final class PostgresPrimaryPartition {

    private PostgresPrimaryPartition() {}

    public static Drill drill() {
        return new Drill(
                "pg-primary-cut",
                "The host of the primary is cut off from all others; only a fenced primary may be replaced.",
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
                List.of("a host that cannot be fenced because nobody can type on it"));
    }
}
