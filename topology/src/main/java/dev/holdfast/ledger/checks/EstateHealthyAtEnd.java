package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Event;
import dev.holdfast.ledger.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The check that at the end all faults are reverted, the estate is healthy, and its plan is empty. */
public final class EstateHealthyAtEnd implements Check {

    @Override
    public String name() {
        return "estate-healthy";
    }

    @Override
    public String claim() {
        return "at the end all faults are reverted, the estate is healthy, and its plan is empty";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        String about = String.valueOf(evidence.drill().get("target"));
        Optional<Event> whole = evidence.mark("healthy");
        if (whole.isPresent()) {
            long after = whole.get().at()
                    - evidence.clockFrom().map(Event::at).orElse(whole.get().at());
            return List.of(Verdict.held(
                    claim(),
                    about,
                    "redundancy restored " + StreamVerdicts.seconds(after) + " after the fault",
                    Map.of("redundancy_restored_ms", after / 1_000_000)));
        }
        return List.of(evidence.mark("not healthy")
                .map(m -> Verdict.broken(claim(), about, m.what(), Map.of()))
                .orElseGet(() -> Verdict.unknown(claim(), about, "the run ended before the observation")));
    }
}
