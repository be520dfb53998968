package dev.holdfast.drill;

import dev.holdfast.ledger.Found;
import dev.holdfast.ledger.Ledger.Kind;
import dev.holdfast.ledger.Stalls;
import dev.holdfast.plan.Workload.Stream;
import java.util.Map;

/** The sixth phase of a drill: the witness stops, and reads every stream from the primary there is then. */
final class ReadBack {

    private ReadBack() {}

    static void run(Stage stage) {
        stage.wait(Stage.STEADY);
        stage.witness().stop();
        stage.mark("stopped", "");
        Stalls stalls = stage.witness().stalls();
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
        Sight seen = stage.look();
        for (int i = 0; i < stage.workload().streams().size(); i++) {
            Stream stream = stage.workload().streams().get(i);
            int number = i;
            seen.primary(stream.cluster(), stream.group()).ifPresent(p -> {
                Found found = stage.witness().readBack(number, p);
                stage.note(found.ids().length + " writes of " + stream.name() + " read back from " + p.id());
            });
        }
        stage.drill().circumstances().invariants().forEach(i -> i.ask(stage, seen));
    }
}
