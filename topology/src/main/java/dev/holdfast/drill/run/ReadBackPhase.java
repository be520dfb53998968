package dev.holdfast.drill.run;

import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.EstateState;
import dev.holdfast.drill.Invariant;
import dev.holdfast.ledger.ClientStalls;
import dev.holdfast.ledger.Ledger.Kind;
import dev.holdfast.ledger.ReadBackResult;
import dev.holdfast.plan.Workload.Stream;
import java.util.List;
import java.util.Map;

/** The sixth phase of a drill: the load generator stops, and reads every stream from the current primary. */
final class ReadBackPhase {

    private ReadBackPhase() {}

    static void run(List<Invariant> invariants, DrillContext drillContext) {
        drillContext.wait(DrillContext.STEADY);
        drillContext.loadGenerator().stop();
        drillContext.mark("stopped", "");
        ClientStalls stalls = drillContext.loadGenerator().stalls();
        drillContext
                .ledger()
                .note(
                        Kind.NOTED,
                        Map.of(
                                "note",
                                "the load generator's machine stalled "
                                        + stalls.spans().size() + " times, "
                                        + stalls.within(
                                                        0,
                                                        drillContext
                                                                .loadGenerator()
                                                                .now())
                                                / 1_000_000 + " ms in total",
                                "stalls",
                                stalls.facts()));
        EstateState state = drillContext.look();
        for (int i = 0; i < drillContext.workload().streams().size(); i++) {
            Stream stream = drillContext.workload().streams().get(i);
            int number = i;
            state.primary(stream.cluster(), stream.group()).ifPresent(p -> {
                ReadBackResult found = drillContext.loadGenerator().readBack(number, p);
                drillContext.note(found.ids().length + " writes of the stream \"" + stream.name()
                        + "\" were read back from " + p.id());
            });
        }
        invariants.forEach(i -> i.ask(drillContext, state));
    }
}
