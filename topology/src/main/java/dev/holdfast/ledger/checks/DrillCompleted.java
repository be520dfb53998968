package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Verdict;
import java.util.List;

/** The check that the drill was not ended early; without an early end it gives no verdict. */
public final class DrillCompleted implements Check {

    @Override
    public String name() {
        return "drill-completed";
    }

    @Override
    public String claim() {
        return "the drill ran to its end";
    }

    @Override
    public boolean isOfEveryRun() {
        return true;
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        return evidence
                .mark("ended early")
                .map(m -> Verdict.unknown(
                        claim(), String.valueOf(evidence.drill().get("target")), "ended early: " + m.what()))
                .stream()
                .toList();
    }
}
