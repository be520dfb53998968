package dev.holdfast.drill.run;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.DrillRecord;
import dev.holdfast.drill.EstateState;
import dev.holdfast.drill.LoadGenerator;
import dev.holdfast.drill.ObservedTopology;
import dev.holdfast.drill.Scenario;
import dev.holdfast.drill.scenario.FaultInjector;
import dev.holdfast.ledger.Ledger.Kind;
import dev.holdfast.plan.Plan.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Executes one drill.
 *
 * <ol>
 *   <li>{@link PreconditionPhase}: observe; a precondition that does not hold refuses the drill, and nothing was changed.
 *   <li>{@link WarmUpPhase}: the load generator creates its tables and clients write; a stream that is not served refuses the drill.
 *   <li>{@link Scenario}: what this drill does. A scenario with faults resolves the targets again, injects the faults, waits
 *       until they are in effect ({@link FaultInjector}), recovers, and waits until clients are served steadily.
 *   <li>{@link RecoveryPhase}: revert the faults, bring the estate to its desired state, and observe until it is healthy.
 *   <li>{@link ReadBackPhase}: the load generator stops and reads every stream from the current primaries, and from no other node.
 * </ol>
 *
 * Invariants: every fault's revert is on record on its host before the injection; reverts are executed in every case, also
 * after an interruption; what is judged is in the ledger, so that it can be judged again without the estate.
 */
public final class DrillRun {

    private static final Duration SETTLE = Duration.ofSeconds(30);

    private final Drill drill;
    private final DrillContext drillContext;
    private final Duration later;
    private final PreconditionPhase gates;

    /** @param later how much longer than usual the load generator writes before the fault */
    public DrillRun(Drill drill, DrillContext drillContext, PreconditionPhase gates, Duration later) {
        this.drill = drill;
        this.drillContext = drillContext;
        this.gates = gates;
        this.later = later;
    }

    /** Requests the end of the drill as soon as possible; faults are still reverted. */
    public void interrupt() {
        drillContext.stop(DrillContext.INTERRUPTED);
    }

    /** Returns why the drill was refused; empty when it ran, whatever its result. */
    public List<Refusal> run() {
        EstateState state = settledLook();
        List<Refusal> refusals = gates.refusals(drill, drillContext, state);
        if (!refusals.isEmpty()) {
            return refusals;
        }
        LoadGenerator loadGenerator = drillContext.loadGenerator();
        drillContext.ledger().note(Kind.DRILL, DrillRecord.of(drill, drillContext, state, loadGenerator.now()));
        try {
            loadGenerator.prepare(drillContext.workload());
            loadGenerator.start();
            Optional<Refusal> idle = WarmUpPhase.run(drillContext, later);
            if (idle.isPresent()) {
                return List.of(idle.get());
            }
            RollbackFiles rolledBack = RollbackFiles.before(drillContext);
            runWithHeartbeat(state);
            ReadBackPhase.run(drill.circumstances().invariants(), drillContext);
            rolledBack.report(drillContext);
            ObservedTopology.recordAfter(drillContext);
        } finally {
            RecoveryPhase.revert(drillContext);
            drill.scenario().end(drillContext);
            try {
                loadGenerator.stop();
            } finally {
                loadGenerator.clear();
            }
        }
        return List.of();
    }

    /** One slow answer is not a problem: only a problem that persists counts. */
    private EstateState settledLook() {
        EstateState[] state = {drillContext.look()};
        drillContext.await(SETTLE, () -> {
            if (!state[0].problems().isEmpty()) {
                state[0] = drillContext.look();
            }
            return state[0].problems().isEmpty();
        });
        return state[0];
    }

    /** Runs the scenario and the repair, while the hosts receive heartbeats. */
    private void runWithHeartbeat(EstateState state) {
        AtomicBoolean over = new AtomicBoolean();
        FaultHeartbeat watch = new FaultHeartbeat(drill, drillContext, state);
        drillContext
                .context()
                .sideBySide(List.of(
                        () -> {
                            try {
                                drill.scenario().run(drillContext);
                                reportStop();
                                RecoveryPhase.run(drill.scenario(), drillContext);
                            } finally {
                                RecoveryPhase.revert(drillContext);
                                over.set(true);
                            }
                            return true;
                        },
                        () -> {
                            watch.until(over);
                            return true;
                        }));
    }

    private void reportStop() {
        if (drillContext.stopped() != null) {
            drillContext.mark("ended early", drillContext.stopped());
            drillContext.ledger().note(Kind.NOTED, Map.of("note", "ended early: " + drillContext.stopped()));
        }
    }
}
