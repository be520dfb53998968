package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Ledger.Entry;
import dev.holdfast.ledger.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The check that the user's invariants hold, as the final primaries answered. */
public final class CustomInvariantsHold implements Check {

    @Override
    public String name() {
        return "custom-invariants";
    }

    @Override
    public String claim() {
        return "the invariants of the drill file hold";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        return evidence.drill().get("invariants") instanceof List<?> declared
                ? declared.stream().map(i -> judge(evidence, i.toString())).toList()
                : List.of();
    }

    private static Verdict judge(Evidence evidence, String invariant) {
        Optional<Map<String, Object>> asked = evidence.entries().stream()
                .map(Entry::facts)
                .filter(f -> invariant.equals(f.get("invariant")))
                .findFirst();
        if (asked.isEmpty()) {
            return Verdict.unknown(invariant, "own data", "the run ended before the query");
        }
        Map<String, Object> facts = asked.get();
        String about = String.valueOf(facts.get("cluster"));
        String answer = String.valueOf(facts.get("answer"));
        if (!Boolean.TRUE.equals(facts.get("answered"))) {
            return Verdict.unknown(invariant, about, answer);
        }
        String message = "the answer is " + answer + ", desired " + facts.get("expect");
        Map<String, Object> values = Map.of("asked", facts.get("asked"), "answer", answer);
        return answer.equals(facts.get("expect"))
                ? Verdict.held(invariant, about, message, values)
                : Verdict.broken(invariant, about, message, values);
    }
}
