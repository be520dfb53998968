package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.ledger.Verdict.Word;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients either feel no more than a moment's pause, or are served again in time: for a loss that stops writes in one
 * durability profile and not in another.
 */
public final class ServedAgain implements Check {

    @Override
    public String name() {
        return "served-again";
    }

    @Override
    public String claim() {
        return "clients carry on, or are served again within the RTO";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        List<Verdict> carried = new CarriedOn().judge(evidence);
        List<Verdict> recovered = new RecoveredInTime().judge(evidence);
        List<Verdict> all = new ArrayList<>();
        for (int i = 0; i < carried.size(); i++) {
            Verdict one = carried.get(i).word() == Word.HELD ? carried.get(i) : recovered.get(i);
            all.add(new Verdict(claim(), one.about(), one.word(), one.because(), one.evidence()));
        }
        return all;
    }
}
