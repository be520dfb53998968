package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Event;
import dev.holdfast.ledger.Evidence.Stream;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.ledger.WriteReconciliation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The check that no more acknowledged writes are lost than the failover predicted before it was allowed to lose any. */
public final class LossWithinPredictedBound implements Check {

    @Override
    public String name() {
        return "loss-within-prediction";
    }

    @Override
    public String claim() {
        return "the loss is within the predicted bound";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        return evidence.streams().stream()
                .filter(Stream::affected)
                .map(s -> StreamVerdicts.judge(evidence, claim(), s, truth -> judge(evidence.mark("bound"), s, truth)))
                .toList();
    }

    private Verdict judge(Optional<Event> description, Stream stream, WriteReconciliation truth) {
        int lost = truth.lost().size();
        if (description.isEmpty()) {
            return Verdict.unknown(claim(), stream.name(), lost + " writes lost, and no predicted bound is recorded");
        }
        OptionalLong most = description.get().number("most_lost");
        if (lost == 0) {
            return Verdict.held(
                    claim(),
                    stream.name(),
                    "no acknowledged write lost; predicted: "
                            + description.get().what(),
                    StreamVerdicts.evidence(truth));
        }
        if (most.isEmpty()) {
            return Verdict.unknown(
                    claim(),
                    stream.name(),
                    lost + " writes lost, and the predicted bound was: "
                            + description.get().what());
        }
        String sentence = lost + " acknowledged writes lost, predicted: at most " + most.getAsLong() + " ("
                + StreamVerdicts.some(truth.lost()) + ")";
        return lost <= most.getAsLong()
                ? Verdict.held(claim(), stream.name(), sentence, StreamVerdicts.evidence(truth))
                : Verdict.broken(claim(), stream.name(), sentence, StreamVerdicts.evidence(truth));
    }
}
