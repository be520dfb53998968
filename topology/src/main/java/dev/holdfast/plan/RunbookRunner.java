package dev.holdfast.plan;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Carries out runbooks.
 *
 * <ol>
 *   <li>Look; plan every act from what is seen. A refusal in any of them: nothing is touched.
 *   <li>Each runbook, side by side, round after round until there is nothing left to do: {@link ConvergenceLoop}.
 *   <li>In a round each act in turn, its steps by {@link StepExecutor}.
 * </ol>
 */
public final class RunbookRunner {

    private final ExecutionContext context;
    private final RunRecorder logbook;
    private final StepExecutor lanes;

    /** @param end when the whole run must be over; a copy of data that is under way then is finished first */
    public RunbookRunner(ExecutionContext context, Ledger ledger, Instant end) {
        this(context, ledger, end, Duration.between(context.now(), end), false);
    }

    /**
     * @param timeout the limit of the run as the user knows it
     * @param isStrict whether also work on hosts that is under way at the end is ended
     */
    public RunbookRunner(ExecutionContext context, Ledger ledger, Instant end, Duration timeout, boolean isStrict) {
        this.context = context;
        this.logbook = new RunRecorder(ledger);
        this.lanes = new StepExecutor(context, logbook, end, timeout, isStrict);
    }

    /**
     * How one runbook ended.
     *
     * @param notes what the last plans had to tell besides steps
     * @param missing what is left undone because its host does not answer
     * @param open differences that no step changes; the runbook itself is done
     */
    public record Outcome(
            String cluster,
            ExitCode exit,
            int steps,
            List<String> failures,
            List<Refusal> refusals,
            List<String> notes,
            List<Refusal> missing,
            List<Refusal> open) {
        Outcome(String cluster, ExitCode exit, int steps, List<String> failures, List<Refusal> refusals) {
            this(cluster, exit, steps, failures, refusals, List.of(), List.of(), List.of());
        }

        /** Refused before a change; a refusal after one leaves the run incomplete, unless going on would lose data. */
        static Outcome refused(String cluster, int steps, List<String> failures, List<Refusal> refusals) {
            boolean wouldLoseData = refusals.stream().anyMatch(r -> r.exit() == ExitCode.WOULD_LOSE_DATA);
            ExitCode first = refusals.stream().map(Refusal::exit).findFirst().orElse(ExitCode.REFUSED);
            ExitCode exit = wouldLoseData ? ExitCode.WOULD_LOSE_DATA : steps > 0 ? ExitCode.INCOMPLETE : first;
            return new Outcome(cluster, exit, steps, failures, refusals);
        }

        public boolean isDone() {
            return exit == ExitCode.DONE;
        }

        /** The same, of something that others do not depend on: what it was for is done, this is left. */
        public Outcome incomplete() {
            return new Outcome(cluster, ExitCode.INCOMPLETE, steps, failures, refusals, notes, missing, open);
        }
    }

    /** Asks every step under way to stop; mends are still done. */
    public void interrupt() {
        lanes.interrupt();
    }

    /** All runbooks side by side; when any of them refuses at the first look, none of them touches anything. */
    public List<Outcome> run(List<Runbook<?>> runbooks) {
        List<Ready<?>> ready = context.sideBySide(
                runbooks.stream().<Supplier<Ready<?>>>map(b -> () -> ready(b)).toList());
        if (ready.stream().anyMatch(r -> !r.refusals().isEmpty())) {
            return ready.stream()
                    .map(r -> Outcome.refused(r.book().cluster(), 0, List.of(), r.refusals()))
                    .toList();
        }
        return context.sideBySide(
                ready.stream().<Supplier<Outcome>>map(r -> () -> run(r)).toList());
    }

    private record Ready<S extends ClusterState>(Runbook<S> book, S state, List<Refusal> refusals) {}

    private <S extends ClusterState> Ready<S> ready(Runbook<S> runbook) {
        S state = look(runbook);
        List<Refusal> refusals = runbook.plan(state).stream()
                .flatMap(p -> p.plan().refusals().stream())
                .toList();
        return new Ready<>(runbook, state, refusals);
    }

    private <S extends ClusterState> Outcome run(Ready<S> ready) {
        StateCache<S> stateCache = new StateCache<>(context, ready.state(), () -> look(ready.book()));
        return new ConvergenceLoop<>(ready.book(), stateCache, lanes, logbook).run();
    }

    private <S extends ClusterState> S look(Runbook<S> runbook) {
        S state = runbook.look().apply(context);
        logbook.recordState(runbook.cluster(), state);
        return state;
    }
}
