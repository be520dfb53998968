package dev.holdfast.drill.run;

import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.DrillRecord;
import dev.holdfast.drill.EstateState;
import dev.holdfast.drill.LoadGenerator;
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
 * Carries out one drill.
 *
 * <ol>
 *   <li>{@link PreconditionPhase}: look; a gate that does not hold refuses, and nothing was touched.
 *   <li>{@link WarmUpPhase}: the witness makes its place and clients write; a stream that is not served refuses.
 *   <li>{@link Scenario}: what this drill does. One that breaks something looks again for whom to strike, breaks, looks until
 *       it is in effect ({@link FaultInjector}), recovers, and waits until clients are served steadily.
 *   <li>{@link RecoveryPhase}: mend, then bring the estate to what is declared, and look until it is whole.
 *   <li>{@link ReadBackPhase}: the witness stops and reads every stream from the primaries there are then, and from no other node.
 * </ol>
 *
 * Invariants: every break's mend is on record on its host before it is set; mends are said whatever happens in between,
 * also when interrupted; what is judged is in the ledger, so that it can be judged again without the estate.
 */
public final class DrillRun {

    private static final Duration SETTLE = Duration.ofSeconds(30);

    private final DrillContext drillContext;
    private final Duration later;
    private final PreconditionPhase gates;

    /** @param later how much longer than usual the witness writes before the break */
    public DrillRun(DrillContext drillContext, PreconditionPhase gates, Duration later) {
        this.drillContext = drillContext;
        this.gates = gates;
        this.later = later;
    }

    /** Asks to stop as soon as may be; mends are still said. */
    public void interrupt() {
        drillContext.stop(DrillContext.INTERRUPTED);
    }

    /** Why nothing was done; empty when the drill ran, whatever came of it. */
    public List<Refusal> run() {
        EstateState state = settledLook();
        List<Refusal> refusals = gates.refusals(drillContext, state);
        if (!refusals.isEmpty()) {
            return refusals;
        }
        LoadGenerator witness = drillContext.witness();
        drillContext.ledger().note(Kind.DRILL, DrillRecord.of(drillContext, state, witness.now()));
        try {
            witness.prepare(drillContext.workload());
            witness.start();
            Optional<Refusal> idle = WarmUpPhase.run(drillContext, later);
            if (idle.isPresent()) {
                return List.of(idle.get());
            }
            RollbackFiles rolledBack = RollbackFiles.before(drillContext);
            underWatch(state);
            ReadBackPhase.run(drillContext);
            rolledBack.report(drillContext);
        } finally {
            RecoveryPhase.revert(drillContext);
            drillContext.drill().course().end(drillContext);
            try {
                witness.stop();
            } finally {
                witness.clear();
            }
        }
        return List.of();
    }

    /** A server that is slow to answer once is not ill: what is complained of must last. */
    private EstateState settledLook() {
        EstateState[] state = {drillContext.look()};
        drillContext.await(SETTLE, () -> {
            if (!state[0].complaints().isEmpty()) {
                state[0] = drillContext.look();
            }
            return state[0].complaints().isEmpty();
        });
        return state[0];
    }

    /** The course and the healing, while the hosts are told that the CLI is alive. */
    private void underWatch(EstateState state) {
        AtomicBoolean over = new AtomicBoolean();
        FaultHeartbeat watch = new FaultHeartbeat(drillContext, state);
        drillContext
                .context()
                .sideBySide(List.of(
                        () -> {
                            try {
                                drillContext.drill().course().run(drillContext);
                                reportStop();
                                RecoveryPhase.run(drillContext);
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
            drillContext.mark("broken off", drillContext.stopped());
            drillContext.ledger().note(Kind.NOTED, Map.of("note", "broken off: " + drillContext.stopped()));
        }
    }
}
