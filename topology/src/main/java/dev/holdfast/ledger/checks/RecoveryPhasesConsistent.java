package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.RecoveryPhases;
import dev.holdfast.ledger.RecoveryPhases.Phase;
import dev.holdfast.ledger.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The check that the phases of the recovery have no gaps and together are as long as the recovery. */
public final class RecoveryPhasesConsistent implements Check {

    @Override
    public String name() {
        return "recovery-phases-consistent";
    }

    @Override
    public String claim() {
        return "the phases add up to the recovery time";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        if (evidence.recovery().isEmpty()) {
            return List.of();
        }
        String about = String.valueOf(evidence.drill().get("target"));
        List<Phase> phases = RecoveryPhases.of(evidence);
        Map<String, Object> facts = new LinkedHashMap<>();
        phases.forEach(p -> facts.merge(p.name(), p.length() / 1_000_000, (a, b) -> (long) a + (long) b));
        long sum = 0;
        long next = evidence.clockFrom().orElseThrow().at();
        for (Phase phase : phases) {
            if (phase.from() != next || phase.length() < 0) {
                return List.of(Verdict.broken(claim(), about, "there is a gap before " + phase.name(), facts));
            }
            next = phase.from() + phase.length();
            sum += phase.length();
        }
        boolean same = sum == evidence.recovery().getAsLong();
        String message = phases.stream()
                        .map(p -> p.name() + " " + StreamVerdicts.seconds(p.length()))
                        .collect(Collectors.joining(", "))
                + "; total " + StreamVerdicts.seconds(sum);
        return List.of(
                same
                        ? Verdict.held(claim(), about, message, facts)
                        : Verdict.broken(
                                claim(),
                                about,
                                message + ", measured "
                                        + StreamVerdicts.seconds(
                                                evidence.recovery().getAsLong()),
                                facts));
    }
}
