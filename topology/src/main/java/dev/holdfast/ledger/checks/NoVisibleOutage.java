package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Stream;
import dev.holdfast.ledger.Outage;
import dev.holdfast.ledger.Verdict;
import java.util.List;
import java.util.Map;

/** Clients feel no more than a moment's pause: the loss is one that they were built to get over. */
public final class NoVisibleOutage implements Check {

    @Override
    public String name() {
        return "carried-on";
    }

    @Override
    public String claim() {
        return "clients carry on, with a pause of at most 2 s";
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
                .orElseGet(() -> Verdict.unknown(claim(), stream.name(), "the moment of the break is not on record"));
    }

    private Verdict judge(Stream stream, Outage outage) {
        String message = "longest silence " + StreamVerdicts.seconds(outage.silence()) + ", " + outage.noticed()
                + " writes refused, indeterminate or late";
        Map<String, Object> facts =
                Map.of("noticed_writes", outage.noticed(), "longest_silence_ms", outage.silence() / 1_000_000);
        return outage.silence() <= Outage.MOMENT
                ? Verdict.held(claim(), stream.name(), message, facts)
                : Verdict.broken(claim(), stream.name(), message, facts);
    }
}
