package dev.holdfast.drill.builtin;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.FaultInjection;
import dev.holdfast.drill.RecoveryMode;
import dev.holdfast.drill.TargetSelector;
import dev.holdfast.drill.fault.PauseProcess;
import dev.holdfast.drill.scenario.FaultScenario;
import dev.holdfast.engine.DrillProfile.GroupRole;
import java.time.Duration;
import java.util.List;

/** A replica set's primary that hangs. */
public final class MongoPrimaryPause {

    private MongoPrimaryPause() {}

    public static Drill drill() {
        return new Drill(
                "mongo-primary-freeze",
                "The primary is frozen but its port still accepts connections. The others must elect another primary, and clients must time out.",
                DrillSelector.of("mongodb", GroupRole.DATA),
                new FaultScenario(
                        List.of(FaultInjection.of(new PauseProcess(), TargetSelector.PRIMARY)),
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
                List.of("a host that freezes together with its kernel"));
    }
}
