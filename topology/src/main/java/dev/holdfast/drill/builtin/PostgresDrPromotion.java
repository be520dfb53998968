package dev.holdfast.drill.builtin;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.scenario.RegionLossScenario;
import dev.holdfast.engine.DrillProfile.GroupRole;
import java.util.List;

/** The loss of the primary's region, the promotion of the disaster-recovery standby, and the failback. */
public final class PostgresDrPromotion {

    private PostgresDrPromotion() {}

    public static Drill drill() {
        return new Drill(
                "pg-dr-promotion",
                "The primary and standbys of one region are killed at once; Holdfast promotes the disaster-recovery standby within the predicted loss, and returns the role when the region is back.",
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
                        "the RPO: the loss of a region can cost what the asynchronous standby had not received",
                        "a region whose hosts are lost with their disks, or an isolated region that still runs"));
    }
}
