package dev.holdfast.plan;

import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan.Refusal;
import java.util.List;

/**
 * The outcome of one runbook: exit code, number of steps, failures and open differences.
 *
 * @param steps how many steps were done
 * @param skipped how many were skipped, because their condition already held
 * @param notes the notes of the last plans
 * @param missing what was not done because a host does not answer
 * @param open differences that no step changes; the runbook itself is done
 */
public record RunbookOutcome(
        String cluster,
        ExitCode exit,
        int steps,
        int skipped,
        List<String> failures,
        List<Refusal> refusals,
        List<String> notes,
        List<Refusal> missing,
        List<Refusal> open) {

    /** Returns the outcome of a runbook that was refused before any step. */
    static RunbookOutcome refused(String cluster, List<Refusal> refusals) {
        ExitCode first = refusals.stream().map(Refusal::exit).findFirst().orElse(ExitCode.REFUSED);
        return new RunbookOutcome(
                cluster,
                wouldLoseData(refusals) ? ExitCode.WOULD_LOSE_DATA : first,
                0,
                0,
                List.of(),
                refusals,
                List.of(),
                List.of(),
                List.of());
    }

    /** Returns the same, refused after a change: the run is incomplete, unless continuing would lose data. */
    static RunbookOutcome stopped(
            String cluster, int steps, int skipped, List<String> failures, List<Refusal> refusals) {
        return new RunbookOutcome(
                cluster,
                wouldLoseData(refusals) ? ExitCode.WOULD_LOSE_DATA : ExitCode.INCOMPLETE,
                steps,
                skipped,
                failures,
                refusals,
                List.of(),
                List.of(),
                List.of());
    }

    private static boolean wouldLoseData(List<Refusal> refusals) {
        return refusals.stream().anyMatch(r -> r.exit() == ExitCode.WOULD_LOSE_DATA);
    }

    public boolean isDone() {
        return exit == ExitCode.DONE;
    }

    /** Returns the same for independent work: its purpose is achieved, and this part remains. */
    public RunbookOutcome incomplete() {
        return new RunbookOutcome(
                cluster, ExitCode.INCOMPLETE, steps, skipped, failures, refusals, notes, missing, open);
    }
}
