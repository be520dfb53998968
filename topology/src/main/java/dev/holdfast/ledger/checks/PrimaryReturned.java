package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Verdict;
import java.util.List;
import java.util.Map;

/** The check that a switchover returned the primary role to its former node. */
public final class PrimaryReturned implements Check {

    @Override
    public String name() {
        return "primary-returned";
    }

    @Override
    public String claim() {
        return "the role is back where it was";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        String about = String.valueOf(evidence.drill().get("target"));
        return List.of(evidence.mark("primary returned")
                .map(m -> Verdict.held(claim(), about, m.what(), Map.of()))
                .or(() -> evidence.mark("primary not returned")
                        .map(m -> Verdict.broken(claim(), about, m.what(), Map.of())))
                .orElseGet(() -> Verdict.unknown(claim(), about, "no switchover back was tried")));
    }
}
