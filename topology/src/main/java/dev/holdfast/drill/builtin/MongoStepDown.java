package dev.holdfast.drill.builtin;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.scenario.SwitchoverScenario;
import dev.holdfast.engine.DrillProfile.GroupRole;
import java.util.List;

/** A planned step-down of a replica set's primary. */
public final class MongoStepDown {

    private MongoStepDown() {}

    public static Drill drill() {
        return new Drill(
                "mongo-stepdown",
                "The primary steps down, as before maintenance.",
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
                List.of("a candidate that lags when the primary steps down"));
    }
}
