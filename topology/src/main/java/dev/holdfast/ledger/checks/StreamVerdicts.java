package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Stream;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.ledger.WriteReconciliation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Helpers of the checks that judge each write stream by itself: verdicts and their evidence. */
final class StreamVerdicts {

    private static final int NAMED = 20;

    private StreamVerdicts() {}

    /** Returns UNKNOWN when the stream was not read back. */
    static Verdict judge(Evidence evidence, String claim, Stream stream, Function<WriteReconciliation, Verdict> how) {
        return evidence.truth(stream)
                .map(how)
                .orElseGet(() ->
                        Verdict.unknown(claim, stream.name(), "the stream was not read back from a final primary"));
    }

    static Map<String, Object> evidence(WriteReconciliation truth) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("acknowledged", truth.acknowledged());
        facts.put("refused", truth.refused());
        facts.put("indeterminate_present", truth.indeterminatePresent().size());
        facts.put("indeterminate_absent", truth.indeterminateAbsent().size());
        facts.put("lost", truth.lost());
        facts.put("ghosts", truth.ghosts());
        facts.put("duplicates", truth.duplicates());
        facts.put("reordered", truth.reordered());
        return facts;
    }

    /** Returns numbers for people: the first few, and how many more. */
    static String some(List<? extends Number> ids) {
        String first = ids.stream().limit(NAMED).map(Object::toString).collect(Collectors.joining(", "));
        return "numbers " + first + (ids.size() > NAMED ? " and " + (ids.size() - NAMED) + " more" : "");
    }

    static String seconds(long nanos) {
        return String.format(java.util.Locale.ROOT, "%.3f s", nanos / 1e9);
    }
}
