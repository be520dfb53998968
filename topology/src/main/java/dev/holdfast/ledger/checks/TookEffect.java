package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Verdict;
import java.util.List;
import java.util.Map;

/** What was to be broken was seen to be broken: a drill whose fault did nothing proves nothing. */
public final class TookEffect implements Check {

    @Override
    public String name() {
        return "took-effect";
    }

    @Override
    public String claim() {
        return "the fault took effect";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        String about = String.valueOf(evidence.drill().get("target"));
        return List.of(evidence.mark("in effect")
                .map(m -> Verdict.held(claim(), about, m.what(), Map.of()))
                .orElseGet(() -> Verdict.unknown(claim(), about, "nobody saw it in effect")));
    }
}
