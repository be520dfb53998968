package dev.holdfast.drill.builtin;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.FaultInjection;
import dev.holdfast.drill.RecoveryMode;
import dev.holdfast.drill.TargetSelector;
import dev.holdfast.drill.fault.FillDisk;
import dev.holdfast.drill.scenario.FaultScenario;
import dev.holdfast.engine.DrillProfile.GroupRole;
import java.time.Duration;
import java.util.List;

/** A full disk of a PostgreSQL primary. */
public final class PostgresDiskFull {

    private PostgresDiskFull() {}

    public static Drill drill() {
        return new Drill(
                "pg-disk-full",
                "The file system of the primary is full: writes are refused, no acknowledged write is lost, and service returns with free space. Holdfast refuses this drill on a large file system.",
                DrillSelector.of("postgresql", GroupRole.DATA),
                new FaultScenario(
                        List.of(FaultInjection.of(new FillDisk(), TargetSelector.PRIMARY)),
                        RecoveryMode.BY_REVERT,
                        Duration.ofSeconds(10)),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "served-again",
                        "loss-within-objective",
                        "others-untouched",
                        "ends-whole"),
                List.of("a disk that fails rather than fills"));
    }
}
