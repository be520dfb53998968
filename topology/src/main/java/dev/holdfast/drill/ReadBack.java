package dev.holdfast.drill;

import dev.holdfast.ledger.Found;
import dev.holdfast.plan.Workload.Stream;

/** The sixth phase of a drill: the witness stops, and reads every stream from the primary there is then. */
final class ReadBack {

    private ReadBack() {}

    static void run(Stage stage) {
        stage.wait(Stage.STEADY);
        stage.witness().stop();
        stage.mark("stopped", "");
        Sight seen = stage.look();
        for (int i = 0; i < stage.workload().streams().size(); i++) {
            Stream stream = stage.workload().streams().get(i);
            int number = i;
            seen.primary(stream.cluster(), stream.group()).ifPresent(p -> {
                Found found = stage.witness().readBack(number, p);
                stage.note(found.ids().length + " writes of " + stream.name() + " read back from " + p.id());
            });
        }
    }
}
