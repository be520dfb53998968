package dev.holdfast.drill.builtin;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.FaultInjection;
import dev.holdfast.drill.RecoveryMode;
import dev.holdfast.drill.TargetSelector;
import dev.holdfast.drill.fault.FailArchiving;
import dev.holdfast.drill.scenario.FaultScenario;
import dev.holdfast.engine.DrillProfile.GroupRole;
import java.time.Duration;
import java.util.List;

/** A PostgreSQL primary that cannot archive WAL for a while. */
public final class PostgresArchiveFailure {

    private PostgresArchiveFailure() {}

    public static Drill drill() {
        return new Drill(
                "pg-archive-failure",
                "The primary's archive command fails: clients must not notice, WAL segments are kept, and all are archived after the revert.",
                DrillSelector.of("postgresql", GroupRole.DATA),
                new FaultScenario(
                        List.of(FaultInjection.of(new FailArchiving(), TargetSelector.PRIMARY)),
                        RecoveryMode.BY_ITSELF,
                        Duration.ofSeconds(5)),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "carried-on",
                        "archives-again",
                        "loss-within-objective",
                        "ends-whole"),
                List.of(
                        "archiving that fails until the disk is full",
                        "a repository that accepts segments and loses them"));
    }
}
