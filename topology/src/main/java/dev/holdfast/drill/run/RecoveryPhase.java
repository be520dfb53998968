package dev.holdfast.drill.run;

import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.Scenario;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** The fifth phase of a drill: revert, bring the estate to its desired state, and observe until it is healthy. */
final class RecoveryPhase {

    private static final Duration WHOLE = Duration.ofMinutes(5);

    private RecoveryPhase() {}

    static void run(Scenario scenario, DrillContext drillContext) {
        drillContext.next("repair");
        drillContext.mark("repair", "");
        revert(drillContext);
        scenario.repair(drillContext);
        Instant limit = drillContext.context().now().plus(WHOLE);
        List<String> lacking = List.of("never observed");
        while (!lacking.isEmpty()
                && drillContext.context().now().isBefore(limit)
                && !String.valueOf(drillContext.stopped()).equals(DrillContext.INTERRUPTED)) {
            lacking = provide(drillContext);
            if (lacking.isEmpty()) {
                lacking = drillContext.look().problems();
            }
            if (lacking.isEmpty()) {
                // a member that has caught up since the plan was made can be read from by now
                lacking = provide(drillContext);
            }
            if (!lacking.isEmpty()) {
                drillContext.context().pause(Duration.ofSeconds(1));
            }
        }
        drillContext.mark(lacking.isEmpty() ? "healthy" : "not healthy", String.join("; ", lacking));
    }

    /** Marks the last revert as the time from which no fault is active. */
    static void revert(DrillContext drillContext) {
        if (drillContext.damage().revertAll()) {
            drillContext.mark("reverted", "");
        }
    }

    /** Returns what is still missing. Executed steps count as missing, because their effect can require further steps. */
    private static List<String> provide(DrillContext drillContext) {
        List<Runbook<?>> runbooks = drillContext.scope().clusters().stream()
                .<Runbook<?>>map(s -> s.engine().provision(s.topology(), s.cluster()))
                .toList();
        return drillContext.carryOut(runbooks).stream()
                .flatMap(RecoveryPhase::lacking)
                .toList();
    }

    private static Stream<String> lacking(RunbookOutcome outcome) {
        Stream<String> steps = outcome.steps() == 0
                ? Stream.of()
                : Stream.of(
                        outcome.cluster() + ": after " + outcome.steps() + " steps the cluster was not planned again");
        return Stream.of(
                        steps,
                        outcome.failures().stream(),
                        outcome.refusals().stream().map(Refusal::what))
                .flatMap(s -> s);
    }
}
