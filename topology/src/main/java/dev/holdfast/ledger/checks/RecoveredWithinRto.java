package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Stream;
import dev.holdfast.ledger.Outage;
import dev.holdfast.ledger.Verdict;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The check that clients of the affected group are served again within the declared recovery time. */
public final class RecoveredWithinRto implements Check {

    @Override
    public String name() {
        return "recovered-within-rto";
    }

    @Override
    public String claim() {
        return "writes are acknowledged again within the RTO";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        return evidence.streams().stream()
                .filter(Stream::affected)
                .map(s -> judge(evidence, s))
                .toList();
    }

    /** Clients of a PgBouncer can wait so shortly that none notices; the longest silence bounds the recovery then. */
    private Verdict unnoticed(Evidence evidence, Stream stream, Outage outage) {
        String measured = "no write was refused or late; the longest time without an acknowledged write was "
                + StreamVerdicts.seconds(outage.silence());
        Optional<Duration> objective = evidence.objective(stream, "rto_ms");
        if (outage.silence() == 0) {
            return Verdict.unknown(
                    claim(), stream.name(), "no write was acknowledged, refused or late after the fault");
        }
        if (objective.isEmpty()) {
            return Verdict.unknown(claim(), stream.name(), measured + "; no RTO is declared");
        }
        String message = measured + "; declared RTO " + objective.get().toSeconds() + " s";
        Map<String, Object> facts = Map.of("noticed_writes", 0, "longest_silence_ms", outage.silence() / 1_000_000);
        return outage.silence() <= objective.get().toNanos()
                ? Verdict.held(claim(), stream.name(), message, facts)
                : Verdict.broken(claim(), stream.name(), message, facts);
    }

    Verdict judge(Evidence evidence, Stream stream) {
        Optional<Outage> observed = evidence.outage(stream);
        if (observed.isEmpty()) {
            return Verdict.unknown(claim(), stream.name(), "the time of the fault is not recorded");
        }
        Outage outage = observed.get();
        if (outage.noticed() == 0) {
            return unnoticed(evidence, stream, outage);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("noticed_writes", outage.noticed());
        facts.put("longest_silence_ms", outage.silence() / 1_000_000);
        outage.recovery().ifPresent(r -> facts.put("rto_ms", r / 1_000_000));
        outage.steady().ifPresent(s -> facts.put("steady_after_ms", (s - outage.from()) / 1_000_000));
        if (outage.recovery().isEmpty()) {
            return Verdict.broken(claim(), stream.name(), "no later write was acknowledged", facts);
        }
        String measured = "first acknowledged after "
                + StreamVerdicts.seconds(outage.recovery().getAsLong()) + ", " + outage.noticed()
                + " writes refused, indeterminate or late, the last one at "
                + StreamVerdicts.seconds(outage.steady().getAsLong() - outage.from());
        Optional<Duration> objective = evidence.objective(stream, "rto_ms");
        if (objective.isEmpty()) {
            return Verdict.unknown(claim(), stream.name(), measured + "; no RTO is declared");
        }
        boolean met = outage.recovery().getAsLong() <= objective.get().toNanos();
        String message = measured + "; declared RTO " + objective.get().toSeconds() + " s";
        return met
                ? Verdict.held(claim(), stream.name(), message, facts)
                : Verdict.broken(claim(), stream.name(), message, facts);
    }
}
