package dev.holdfast.ledger;

import dev.holdfast.ledger.Verdict.Word;
import dev.holdfast.model.ExitCode;
import java.util.List;

/** Runs the checks of a drill on its evidence and collects their verdicts. */
public final class CheckRunner {

    private CheckRunner() {}

    /** Returns the verdicts on every claim that the evidence names, in the order of the checks. */
    public static List<Verdict> judge(List<Check> checks, Evidence evidence) {
        return checks.stream()
                .filter(c -> evidence.claims().contains(c.name()) || c.isOfEveryRun())
                .flatMap(c -> c.judge(evidence).stream())
                .toList();
    }

    /** Returns the worst result: a broken claim outweighs an unknown one, and no verdict at all is unknown. */
    public static ExitCode exit(List<Verdict> verdicts) {
        if (verdicts.stream().anyMatch(v -> v.word() == Word.BROKEN)) {
            return ExitCode.OBJECTIVE_MISSED;
        }
        boolean all = !verdicts.isEmpty() && verdicts.stream().allMatch(v -> v.word() == Word.HELD);
        return all ? ExitCode.DONE : ExitCode.UNREACHABLE;
    }
}
