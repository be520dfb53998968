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

/** The loss of one router of a sharded cluster. */
public final class MongoRouterLoss {

    private MongoRouterLoss() {}

    public static Drill drill() {
        return new Drill(
                "mongo-router-loss",
                "The first router is killed; clients that name both routers continue with the other.",
                DrillSelector.of("mongodb", GroupRole.ENTRANCE),
                new FaultScenario(
                        List.of(FaultInjection.of(new KillProcess(), TargetSelector.ROUTER)),
                        RecoveryMode.BY_ITSELF,
                        Duration.ofSeconds(5)),
                List.of("nothing-lost", "nothing-invented", "took-effect", "carried-on", "ends-whole"),
                List.of("clients that name only one router"));
    }
}
