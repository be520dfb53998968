package dev.holdfast.plan;

import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan.Refusal;
import java.util.List;

/**
 * The outcome of one runbook: exit code, number of steps, failures and open differences.
 *
 * @param notes the notes of the last plans
 * @param missing what was not done because a host does not answer
 * @param open differences that no step changes; the runbook itself is done
 */
public record RunbookOutcome(
        String cluster,
        ExitCode exit,
        int steps,
        List<String> failures,
        List<Refusal> refusals,
        List<String> notes,
        List<Refusal> missing,
        List<Refusal> open) {

    RunbookOutcome(String cluster, ExitCode exit, int steps, List<String> failures, List<Refusal> refusals) {
        this(cluster, exit, steps, failures, refusals, List.of(), List.of(), List.of());
    }

    /** Returns REFUSED before a change; afterwards the run is incomplete, unless continuing would lose data. */
    static RunbookOutcome refused(String cluster, int steps, List<String> failures, List<Refusal> refusals) {
        boolean wouldLoseData = refusals.stream().anyMatch(r -> r.exit() == ExitCode.WOULD_LOSE_DATA);
        ExitCode first = refusals.stream().map(Refusal::exit).findFirst().orElse(ExitCode.REFUSED);
        ExitCode exit = wouldLoseData ? ExitCode.WOULD_LOSE_DATA : steps > 0 ? ExitCode.INCOMPLETE : first;
        return new RunbookOutcome(cluster, exit, steps, failures, refusals);
    }

    public boolean isDone() {
        return exit == ExitCode.DONE;
    }

    /** Returns the same for independent work: its purpose is achieved, and this part remains. */
    public RunbookOutcome incomplete() {
        return new RunbookOutcome(cluster, ExitCode.INCOMPLETE, steps, failures, refusals, notes, missing, open);
    }
}
