package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Verdict;
import java.util.List;
import java.util.Map;

/** Once the archive is mended, what had piled up is archived. */
public final class ArchivingResumed implements Check {

    @Override
    public String name() {
        return "archives-again";
    }

    @Override
    public String claim() {
        return "once mended, the log is archived again";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        String about = String.valueOf(evidence.drill().get("target"));
        if (evidence.mark("not archiving").isPresent()) {
            return List.of(Verdict.broken(claim(), about, "every attempt still fails", Map.of()));
        }
        return List.of(evidence.mark("archiving")
                .map(m -> Verdict.held(claim(), about, "a segment was archived after the mend", Map.of()))
                .orElseGet(() -> Verdict.unknown(claim(), about, "nobody looked after the mend")));
    }
}
