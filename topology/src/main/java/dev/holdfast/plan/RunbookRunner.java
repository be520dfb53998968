package dev.holdfast.plan;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.plan.Plan.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Executes the runbooks of several clusters, in parallel.
 *
 * <ol>
 *   <li>Observe, and plan every stage. A refusal in any stage: nothing is changed.
 *   <li>Execute the runbooks in parallel, round after round until no step is left: {@link ConvergenceLoop}.
 *   <li>In a round, execute each stage in turn, and its steps with {@link StepExecutor}.
 * </ol>
 */
public final class RunbookRunner {

    private final ExecutionContext context;
    private final RunRecorder recorder;
    private final StepExecutor lanes;

    /** @param end when the whole run must be over; a running copy of data is finished first */
    public RunbookRunner(ExecutionContext context, Ledger ledger, Instant end) {
        this(context, ledger, end, Duration.between(context.now(), end), false);
    }

    /**
     * @param timeout the time limit of the run as the user set it
     * @param isStrict whether running work on hosts is also ended then
     */
    public RunbookRunner(ExecutionContext context, Ledger ledger, Instant end, Duration timeout, boolean isStrict) {
        this.context = context;
        this.recorder = new RunRecorder(ledger);
        this.lanes = new StepExecutor(context, recorder, end, timeout, isStrict);
    }

    /** Requests a stop of every running step; reverts are still executed. */
    public void interrupt() {
        lanes.interrupt();
    }

    /** Executes all runbooks in parallel; when one of them refuses at the first observation, none changes anything. */
    public List<RunbookOutcome> run(List<Runbook<?>> runbooks) {
        List<Ready<?>> ready = context.sideBySide(
                runbooks.stream().<Supplier<Ready<?>>>map(b -> () -> ready(b)).toList());
        if (ready.stream().anyMatch(r -> !r.refusals().isEmpty())) {
            return ready.stream()
                    .map(r -> RunbookOutcome.refused(r.runbook().cluster(), r.refusals()))
                    .toList();
        }
        return context.sideBySide(
                ready.stream().<Supplier<RunbookOutcome>>map(r -> () -> run(r)).toList());
    }

    private record Ready<S extends ClusterState>(Runbook<S> runbook, S state, List<Refusal> refusals) {}

    private <S extends ClusterState> Ready<S> ready(Runbook<S> runbook) {
        S state = look(runbook);
        List<Refusal> refusals = runbook.plan(state).stream()
                .flatMap(p -> p.plan().refusals().stream())
                .toList();
        return new Ready<>(runbook, state, refusals);
    }

    private <S extends ClusterState> RunbookOutcome run(Ready<S> ready) {
        StateCache<S> stateCache = new StateCache<>(context, ready.state(), () -> look(ready.runbook()));
        return new ConvergenceLoop<>(ready.runbook(), stateCache, lanes, recorder).run();
    }

    private <S extends ClusterState> S look(Runbook<S> runbook) {
        S state = runbook.look().apply(context);
        recorder.recordState(runbook.cluster(), state);
        return state;
    }
}
