package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Verdict;
import java.util.List;
import java.util.Map;

/** The check that the WAL segments that accumulated are archived after the revert. */
public final class ArchivingResumed implements Check {

    @Override
    public String name() {
        return "archiving-resumed";
    }

    @Override
    public String claim() {
        return "after the revert, WAL is archived again";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        String about = String.valueOf(evidence.drill().get("target"));
        if (evidence.mark("not archiving").isPresent()) {
            return List.of(Verdict.broken(claim(), about, "every attempt still fails", Map.of()));
        }
        return List.of(evidence.mark("archiving")
                .map(m -> Verdict.held(claim(), about, "a WAL segment was archived after the revert", Map.of()))
                .orElseGet(() -> Verdict.unknown(claim(), about, "archiving was not observed after the revert")));
    }
}
