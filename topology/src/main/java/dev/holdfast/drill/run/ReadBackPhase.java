package dev.holdfast.drill.run;

import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.EstateState;
import dev.holdfast.ledger.ClientStalls;
import dev.holdfast.ledger.Ledger.Kind;
import dev.holdfast.ledger.ReadBackResult;
import dev.holdfast.plan.Workload.Stream;
import java.util.Map;

/** The sixth phase of a drill: the witness stops, and reads every stream from the primary there is then. */
final class ReadBackPhase {

    private ReadBackPhase() {}

    static void run(DrillContext stage) {
        stage.wait(DrillContext.STEADY);
        stage.witness().stop();
        stage.mark("stopped", "");
        ClientStalls stalls = stage.witness().stalls();
        stage.ledger()
                .note(
                        Kind.NOTED,
                        Map.of(
                                "note",
                                "the witness's own machine stood still "
                                        + stalls.spans().size() + " times, "
                                        + stalls.within(0, stage.witness().now()) / 1_000_000 + " ms together",
                                "stalls",
                                stalls.facts()));
        EstateState seen = stage.look();
        for (int i = 0; i < stage.workload().streams().size(); i++) {
            Stream stream = stage.workload().streams().get(i);
            int number = i;
            seen.primary(stream.cluster(), stream.group()).ifPresent(p -> {
                ReadBackResult found = stage.witness().readBack(number, p);
                stage.note(found.ids().length + " writes of " + stream.name() + " read back from " + p.id());
            });
        }
        stage.drill().circumstances().invariants().forEach(i -> i.ask(stage, seen));
    }
}
