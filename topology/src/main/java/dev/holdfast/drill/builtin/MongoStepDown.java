package dev.holdfast.drill.builtin;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.scenario.SwitchoverScenario;
import dev.holdfast.engine.DrillProfile.GroupRole;
import java.util.List;

/** A replica set's primary hands over in the planned way. */
public final class MongoStepDown {

    private MongoStepDown() {}

    public static Drill drill() {
        return new Drill(
                "mongo-stepdown",
                "The primary is asked to hand its role over, as before maintenance.",
                DrillSelector.of("mongodb", GroupRole.DATA),
                new SwitchoverScenario(false),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "recovered-in-time",
                        "loss-within-objective",
                        "phases-add-up",
                        "others-untouched",
                        "ends-whole"),
                List.of("a member that lags when it is asked to take over"));
    }
}
