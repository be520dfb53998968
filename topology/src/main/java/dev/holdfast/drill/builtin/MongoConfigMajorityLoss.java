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

/** The loss of the majority of a sharded cluster's config servers. */
public final class MongoConfigMajorityLoss {

    private MongoConfigMajorityLoss() {}

    public static Drill drill() {
        return new Drill(
                "mongo-config-loss",
                "The majority of the config servers is killed: reads and writes continue, but nothing can be created, moved or sharded.",
                DrillSelector.of("mongodb", GroupRole.CONFIG),
                new FaultScenario(
                        List.of(FaultInjection.of(new KillProcess(), TargetSelector.CONFIG_MAJORITY)),
                        RecoveryMode.BY_ITSELF,
                        Duration.ofSeconds(5)),
                List.of("nothing-lost", "nothing-invented", "took-effect", "carried-on", "ends-whole"),
                List.of("operations that need the config servers: new databases, sharding, moving chunks"));
    }
}
