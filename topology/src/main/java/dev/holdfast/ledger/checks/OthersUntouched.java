package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Stream;
import dev.holdfast.ledger.Fate;
import dev.holdfast.ledger.Outage;
import dev.holdfast.ledger.Verdict;
import java.util.List;
import java.util.Map;

/** Clients whose data are kept elsewhere go on as if nothing had happened. */
public final class OthersUntouched implements Check {

    private static final long SILENCE = 1_000_000_000L;

    @Override
    public String name() {
        return "others-untouched";
    }

    @Override
    public String claim() {
        return "only the struck group's data are affected";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        return evidence.streams().stream()
                .filter(s -> !s.struck() && !s.touched())
                .map(s -> evidence.outage(s)
                        .map(o -> judge(evidence, s, o))
                        .orElseGet(
                                () -> Verdict.unknown(claim(), s.name(), "the moment of the break is not on record")))
                .toList();
    }

    private Verdict judge(Evidence evidence, Stream stream, Outage outage) {
        int[] turned = {0};
        evidence.writes().each(stream.number(), id -> {
            boolean within = evidence.writes().ended(id) >= outage.from()
                    && evidence.writes().intended(id) <= evidence.clockUntil();
            if (within && evidence.writes().fate(id) != Fate.ACKNOWLEDGED) {
                turned[0]++;
            }
        });
        String told =
                turned[0] + " writes refused or indeterminate, longest silence " + Streams.seconds(outage.silence());
        Map<String, Object> facts =
                Map.of("not_acknowledged", turned[0], "longest_silence_ms", outage.silence() / 1_000_000);
        return turned[0] == 0 && outage.silence() <= SILENCE
                ? Verdict.held(claim(), stream.name(), told, facts)
                : Verdict.broken(claim(), stream.name(), told, facts);
    }
}
