package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Stream;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.ledger.WriteReconciliation;
import java.util.ArrayList;
import java.util.List;

/** The check that no stored write was refused or never sent, is stored twice, or is out of order. */
public final class NoUnexpectedWrites implements Check {

    @Override
    public String name() {
        return "no-unexpected-writes";
    }

    @Override
    public String claim() {
        return "no unsent, duplicate or reordered write";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        return evidence.streams().stream()
                .map(s -> StreamVerdicts.judge(evidence, claim(), s, truth -> judge(s, truth)))
                .toList();
    }

    private Verdict judge(Stream stream, WriteReconciliation truth) {
        List<String> wrong = new ArrayList<>();
        report(wrong, "ghosts", truth.ghosts());
        report(wrong, "duplicates", truth.duplicates());
        report(wrong, "reordered", truth.reordered());
        return wrong.isEmpty()
                ? Verdict.held(
                        claim(),
                        stream.name(),
                        "every stored write was sent, once, in the order of its stream",
                        StreamVerdicts.evidence(truth))
                : Verdict.broken(claim(), stream.name(), String.join("; ", wrong), StreamVerdicts.evidence(truth));
    }

    private static void report(List<String> wrong, String what, List<Long> ids) {
        if (!ids.isEmpty()) {
            wrong.add(ids.size() + " " + what + ": " + StreamVerdicts.some(ids));
        }
    }
}
