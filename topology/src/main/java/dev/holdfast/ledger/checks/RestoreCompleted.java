package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Event;
import dev.holdfast.ledger.Ledger.Entry;
import dev.holdfast.ledger.Verdict;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The check that a restore was completed, verified and discarded; reports its phases and what was not archived when it began. */
public final class RestoreCompleted implements Check {

    @Override
    public String name() {
        return "restore-completed";
    }

    @Override
    public String claim() {
        return "the restore is completed, verified and discarded";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        String about = String.valueOf(evidence.drill().get("target"));
        Optional<Event> wrong = evidence.mark("not restored").or(() -> evidence.mark("not discarded"));
        if (wrong.isPresent()) {
            return List.of(Verdict.broken(
                    claim(), about, wrong.get().name() + ": " + wrong.get().what(), Map.of()));
        }
        Optional<Event> begun = evidence.mark("fault");
        Optional<Event> done = evidence.mark("restored");
        if (begun.isEmpty() || done.isEmpty()) {
            return List.of(Verdict.unknown(claim(), about, "no restore is recorded"));
        }
        if (evidence.mark("discarded").isEmpty()) {
            return List.of(Verdict.unknown(claim(), about, "the removal of the restored copy was not observed"));
        }
        return List.of(held(evidence, about, begun.get(), done.get()));
    }

    private Verdict held(Evidence evidence, String about, Event begun, Event done) {
        Map<String, Object> phases = phases(evidence, begun, done);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("restore_ms", (done.at() - begun.at()) / 1_000_000);
        facts.put("phases_ms", phases);
        String waiting = waiting(evidence, facts);
        return Verdict.held(
                claim(),
                about,
                "open and verified after " + StreamVerdicts.seconds(done.at() - begun.at()) + ": " + phases + " ms; "
                        + waiting,
                facts);
    }

    /** Returns what all clusters together had not archived; unknown when one of them could not report it. */
    private static String waiting(Evidence evidence, Map<String, Object> facts) {
        List<Map<String, Object>> rows = evidence.entries().stream()
                .map(Entry::facts)
                .filter(f -> f.containsKey("waiting_bytes"))
                .toList();
        if (rows.size() < clusters(evidence).size()) {
            return "the amount of data that was not archived is unknown";
        }
        long bytes = 0;
        double seconds = 0;
        for (Map<String, Object> one : rows) {
            long more = ((Number) one.get("waiting_bytes")).longValue();
            bytes = bytes < 0 || more < 0 ? -1 : bytes + more;
            seconds = Math.max(seconds, ((Number) one.get("waiting_seconds")).doubleValue());
        }
        facts.put("waiting_bytes", bytes);
        facts.put("waiting_seconds", seconds);
        return "not archived when the restore began: " + (bytes < 0 ? "unknown" : bytes) + " bytes, " + seconds + " s";
    }

    private static List<String> clusters(Evidence evidence) {
        return evidence.streams().stream()
                .map(Evidence.Stream::cluster)
                .distinct()
                .toList();
    }

    /** Returns the phases: each ends at the end of a stage, and the last when the servers were open. Each cluster has its own. */
    private static Map<String, Object> phases(Evidence evidence, Event begun, Event done) {
        Map<String, Object> phases = new LinkedHashMap<>();
        List<String> clusters = clusters(evidence);
        for (String cluster : clusters) {
            String prefix = clusters.size() > 1 ? cluster + " " : "";
            long at = begun.at();
            for (Event end : ends(evidence, cluster, begun, done)) {
                phases.merge(prefix + end.what(), (end.at() - at) / 1_000_000, (a, b) -> (long) a + (long) b);
                at = end.at();
            }
            phases.merge(prefix + "last look", (done.at() - at) / 1_000_000, (a, b) -> (long) a + (long) b);
        }
        return phases;
    }

    private static List<Event> ends(Evidence evidence, String cluster, Event begun, Event done) {
        return Stream.concat(
                        evidence.marks().stream().filter(m -> m.name().equals("phase")),
                        evidence.stages(cluster).stream())
                .filter(m -> m.at() >= begun.at() && m.at() <= done.at())
                .sorted(Comparator.comparingLong(Event::at))
                .toList();
    }
}
