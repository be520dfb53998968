package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Stream;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.ledger.WriteReconciliation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The check that a stream's lost writes, promised or not, are not older than the declared RPO. */
public final class LossWithinRpo implements Check {

    @Override
    public String name() {
        return "loss-within-rpo";
    }

    @Override
    public String claim() {
        return "the loss is within the RPO";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        return evidence.streams().stream()
                .map(s -> StreamVerdicts.judge(evidence, claim(), s, truth -> judge(evidence, s, truth)))
                .toList();
    }

    private Verdict judge(Evidence evidence, Stream stream, WriteReconciliation truth) {
        Map<String, Object> facts = StreamVerdicts.evidence(truth);
        long bytes = (long) truth.lost().size() * stream.payload();
        long age = age(evidence, truth);
        facts.put("rpo_writes", truth.lost().size());
        facts.put("rpo_bytes", bytes);
        facts.put("rpo_ms", age / 1_000_000);
        String message = truth.lost().size() + " writes, " + bytes + " bytes, " + StreamVerdicts.seconds(age)
                + (truth.lost().isEmpty() ? "" : " (" + StreamVerdicts.some(truth.lost()) + ")");
        Optional<Duration> objective = evidence.objective(stream, "rpo_ms");
        if (objective.isEmpty()) {
            return truth.lost().isEmpty()
                    ? Verdict.held(claim(), stream.name(), message + "; no RPO is declared", facts)
                    : Verdict.unknown(claim(), stream.name(), message + "; no RPO is declared");
        }
        String both = message + "; declared RPO " + objective.get().toSeconds() + " s";
        boolean met = truth.lost().isEmpty()
                || age <= objective.get().toNanos() && !objective.get().isZero();
        return met
                ? Verdict.held(claim(), stream.name(), both, facts)
                : Verdict.broken(claim(), stream.name(), both, facts);
    }

    /** Returns the time from the first lost acknowledgement to the last acknowledged write before the outage. */
    private static long age(Evidence evidence, WriteReconciliation truth) {
        if (truth.lost().isEmpty()) {
            return 0;
        }
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (int id : truth.lost()) {
            first = Math.min(first, evidence.writes().ended(id));
            last = Math.max(last, evidence.writes().ended(id));
        }
        long broken = evidence.mark("fault").map(Evidence.Event::at).orElse(last);
        return Math.max(broken, last) - first;
    }
}
