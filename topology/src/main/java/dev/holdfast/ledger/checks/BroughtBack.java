package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Mark;
import dev.holdfast.ledger.Verdict;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A moment was brought back, how long each part of it took, how much was not archived when it began, and nothing is left. */
public final class BroughtBack implements Check {

    @Override
    public String name() {
        return "brought-back";
    }

    @Override
    public String claim() {
        return "the moment is brought back, verified and discarded";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        String about = String.valueOf(evidence.drill().get("target"));
        Optional<Mark> wrong = evidence.mark("not restored").or(() -> evidence.mark("not discarded"));
        if (wrong.isPresent()) {
            return List.of(Verdict.broken(
                    claim(), about, wrong.get().name() + ": " + wrong.get().what(), Map.of()));
        }
        Optional<Mark> begun = evidence.mark("break");
        Optional<Mark> done = evidence.mark("restored");
        if (begun.isEmpty() || done.isEmpty()) {
            return List.of(Verdict.unknown(claim(), about, "no restore is on record"));
        }
        if (evidence.mark("discarded").isEmpty()) {
            return List.of(Verdict.unknown(claim(), about, "nobody saw it discarded"));
        }
        return List.of(held(evidence, about, begun.get(), done.get()));
    }

    private Verdict held(Evidence evidence, String about, Mark begun, Mark done) {
        Map<String, Object> phases = phases(evidence, begun, done);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("restore_ms", (done.at() - begun.at()) / 1_000_000);
        facts.put("phases_ms", phases);
        String waiting = waiting(evidence, facts);
        return Verdict.held(
                claim(),
                about,
                "open and verified after " + Streams.seconds(done.at() - begun.at()) + ": " + phases + " ms; "
                        + waiting,
                facts);
    }

    private static String waiting(Evidence evidence, Map<String, Object> facts) {
        for (String fact : List.of("waiting_bytes", "waiting_seconds")) {
            evidence.entries().stream()
                    .filter(e -> e.facts().containsKey(fact))
                    .findFirst()
                    .ifPresent(e -> facts.put(fact, e.facts().get(fact)));
        }
        return facts.containsKey("waiting_bytes")
                ? "not archived when it began: " + facts.get("waiting_bytes") + " bytes, "
                        + facts.get("waiting_seconds") + " s"
                : "what was not archived is unknown";
    }

    /** Each part ends at the end of an act, the last one when it was open. */
    private static Map<String, Object> phases(Evidence evidence, Mark begun, Mark done) {
        Map<String, Object> phases = new LinkedHashMap<>();
        long at = begun.at();
        List<Mark> ends = Stream.concat(
                        evidence.marks().stream().filter(m -> m.name().equals("phase")), evidence.acts().stream())
                .filter(m -> m.at() >= begun.at() && m.at() <= done.at())
                .sorted(Comparator.comparingLong(Mark::at))
                .toList();
        for (Mark end : ends) {
            phases.merge(end.what(), (end.at() - at) / 1_000_000, (a, b) -> (long) a + (long) b);
            at = end.at();
        }
        phases.merge("last look", (done.at() - at) / 1_000_000, (a, b) -> (long) a + (long) b);
        return phases;
    }
}
