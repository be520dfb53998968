package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Stream;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.ledger.Verdict.Word;
import java.util.ArrayList;
import java.util.List;

/**
 * The check that clients either observe only a short pause or are served again in time, for a loss that stops writes only
 * in some durability profiles.
 */
public final class ServiceRestored implements Check {

    @Override
    public String name() {
        return "service-restored";
    }

    @Override
    public String claim() {
        return "clients continue, or are served again within the RTO";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        List<Verdict> all = new ArrayList<>();
        for (Stream stream : evidence.streams()) {
            if (stream.affected() || stream.touched()) {
                Verdict carried = new NoVisibleOutage().judge(evidence, stream);
                Verdict one = carried.word() == Word.HELD ? carried : new RecoveredWithinRto().judge(evidence, stream);
                all.add(new Verdict(claim(), one.about(), one.word(), one.because(), one.evidence()));
            }
        }
        return all;
    }
}
