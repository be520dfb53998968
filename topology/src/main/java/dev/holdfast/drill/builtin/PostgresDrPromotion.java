package dev.holdfast.drill.builtin;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.scenario.RegionLossScenario;
import dev.holdfast.engine.DrillProfile.GroupRole;
import java.util.List;

/** A PostgreSQL cluster loses the region of its primary, goes on in another, and comes home. */
public final class PostgresDrPromotion {

    private PostgresDrPromotion() {}

    public static Drill drill() {
        return new Drill(
                "pg-dr-promotion",
                "Primary and standbys of one region end at once; the disaster-recovery copy is promoted, losing no more than was told before, and the role goes home when the region is back.",
                DrillSelector.of("postgresql", GroupRole.DATA),
                new RegionLossScenario(),
                List.of(
                        "nothing-invented",
                        "took-effect",
                        "recovered-in-time",
                        "loss-within-bound",
                        "came-home",
                        "phases-add-up",
                        "others-untouched",
                        "ends-whole"),
                List.of(
                        "the RPO: a region may cost what its asynchronous copy had not received",
                        "a region whose hosts are lost with their disks, or that is cut off but lives"));
    }
}
