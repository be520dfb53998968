package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Stream;
import dev.holdfast.ledger.Outage;
import dev.holdfast.ledger.Verdict;
import java.util.List;
import java.util.Map;

/** The check that clients observe no more than a short pause, for losses that they tolerate by design. */
public final class NoVisibleOutage implements Check {

    @Override
    public String name() {
        return "no-visible-outage";
    }

    @Override
    public String claim() {
        return "clients continue, with a pause of at most 2 s";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        return evidence.streams().stream()
                .filter(s -> s.affected() || s.touched())
                .map(s -> judge(evidence, s))
                .toList();
    }

    Verdict judge(Evidence evidence, Stream stream) {
        return evidence.outage(stream)
                .map(o -> judge(stream, o))
                .orElseGet(() -> Verdict.unknown(claim(), stream.name(), "the time of the fault is not recorded"));
    }

    private Verdict judge(Stream stream, Outage outage) {
        String message = "longest pause " + StreamVerdicts.seconds(outage.silence()) + ", " + outage.noticed()
                + " writes refused, indeterminate or late";
        Map<String, Object> facts =
                Map.of("noticed_writes", outage.noticed(), "longest_silence_ms", outage.silence() / 1_000_000);
        return outage.silence() <= Outage.MOMENT
                ? Verdict.held(claim(), stream.name(), message, facts)
                : Verdict.broken(claim(), stream.name(), message, facts);
    }
}
