package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Event;
import dev.holdfast.ledger.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The check that the fault was observed in effect: a drill whose fault did nothing proves nothing. */
public final class FaultTookEffect implements Check {

    @Override
    public String name() {
        return "fault-took-effect";
    }

    @Override
    public String claim() {
        return "the fault took effect";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        String about = String.valueOf(evidence.drill().get("target"));
        Optional<Event> none = evidence.mark("no effect");
        if (none.isPresent()) {
            return List.of(Verdict.unknown(
                    claim(),
                    about,
                    "the fault was not observed in effect: " + none.get().what()));
        }
        String state = evidence.marks().stream()
                .filter(m -> m.name().equals("in effect"))
                .map(Event::what)
                .collect(Collectors.joining("; "));
        return List.of(
                evidence.mark("in effect").isEmpty()
                        ? Verdict.unknown(claim(), about, "the fault was not observed in effect")
                        : Verdict.held(claim(), about, state, Map.of()));
    }
}
