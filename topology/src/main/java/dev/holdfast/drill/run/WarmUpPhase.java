package dev.holdfast.drill.run;

import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.LoadGenerator;
import dev.holdfast.model.Quantity;
import dev.holdfast.plan.Plan.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The second phase of a drill: clients write for a while, and every stream must be served before a fault is injected. */
final class WarmUpPhase {

    static final Duration USUAL = Duration.ofSeconds(4);

    private static final int MOST_TURNED_PERCENT = 10;

    private WarmUpPhase() {}

    /** @param later how much longer than usual */
    static Optional<Refusal> run(DrillContext drillContext, Duration later) {
        drillContext.next("start the load");
        drillContext.wait(USUAL.plus(later));
        List<LoadGenerator.Counts> before = drillContext.loadGenerator().tallies();
        drillContext.wait(DrillContext.STEADY);
        if (drillContext.stopped() != null) {
            return Optional.of(new Refusal(
                    drillContext.scope().name(),
                    "ended early, before any fault: " + drillContext.stopped(),
                    "run the drill again"));
        }
        List<LoadGenerator.Counts> after = drillContext.loadGenerator().tallies();
        for (int i = 0; i < after.size(); i++) {
            Optional<Refusal> idle = judge(drillContext, i, before.get(i), after.get(i));
            if (idle.isPresent()) {
                return idle;
            }
        }
        drillContext.mark(
                "served",
                "writes of " + Quantity.of(drillContext.workload().streams().size(), "stream", "streams")
                        + " are acknowledged");
        return Optional.empty();
    }

    private static Optional<Refusal> judge(
            DrillContext drillContext, int stream, LoadGenerator.Counts before, LoadGenerator.Counts after) {
        long served = after.acknowledged() - before.acknowledged();
        long turned = after.refused() - before.refused() + after.indeterminate() - before.indeterminate();
        if (served > 0 && turned * 100 <= served * MOST_TURNED_PERCENT) {
            return Optional.empty();
        }
        return Optional.of(new Refusal(
                drillContext.workload().streams().get(stream).name(),
                "the load was not healthy: in the last " + DrillContext.STEADY.toSeconds() + " s before the fault, "
                        + served + " writes were acknowledged and " + turned + " failed; the limit is "
                        + MOST_TURNED_PERCENT + " %: "
                        + String.join("; ", after.messages().values()),
                "holdfast status; use a lower --rate when the estate cannot handle the load"));
    }
}
