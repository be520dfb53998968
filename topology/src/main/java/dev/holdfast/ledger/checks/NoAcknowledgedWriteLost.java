package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Stream;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.ledger.WriteReconciliation;
import dev.holdfast.model.Quantity;
import java.util.List;

/** The check that the final primary contains every write that was acknowledged at a promised level. */
public final class NoAcknowledgedWriteLost implements Check {

    @Override
    public String name() {
        return "no-acknowledged-write-lost";
    }

    @Override
    public String claim() {
        return "no acknowledged write is lost";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        return evidence.streams().stream()
                .filter(Stream::promised)
                .map(s -> StreamVerdicts.judge(evidence, claim(), s, truth -> judge(s, truth)))
                .toList();
    }

    private Verdict judge(Stream stream, WriteReconciliation truth) {
        if (truth.acknowledged() == 0) {
            return Verdict.unknown(claim(), stream.name(), "no write was acknowledged, so none could be lost");
        }
        int stored = truth.indeterminatePresent().size();
        String counted = truth.acknowledged() + " acknowledged at " + stream.level() + ", "
                + truth.lost().size() + " lost; of "
                + Quantity.of(
                        stored + truth.indeterminateAbsent().size(), "indeterminate write", "indeterminate writes")
                + ", " + Quantity.of(stored, "is", "are") + " stored";
        return truth.lost().isEmpty()
                ? Verdict.held(claim(), stream.name(), counted, StreamVerdicts.evidence(truth))
                : Verdict.broken(
                        claim(),
                        stream.name(),
                        counted + ": " + StreamVerdicts.some(truth.lost()),
                        StreamVerdicts.evidence(truth));
    }
}
