package dev.holdfast.report;

import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Stream;
import dev.holdfast.ledger.FailureReason;
import dev.holdfast.ledger.Outage;
import dev.holdfast.ledger.RecoveryPhases;
import dev.holdfast.ledger.RecoveryPhases.Phase;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.ledger.Verdict.Word;
import dev.holdfast.ledger.WriteOutcome;
import dev.holdfast.ledger.WriteReconciliation;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The contents of a drill's report: evidence, objectives, and derived figures.
 *
 * @param tampered the inconsistencies of the run's directory; empty when it is unchanged
 * @param link the last link of the ledger's chain, which identifies the whole ledger
 */
public record DrillReport(Evidence evidence, List<Verdict> verdicts, int exit, List<String> tampered, String link) {

    /** A term of the predicted recovery time. */
    public record RecoveryTerm(String name, long leastMillis, long mostMillis, String because) {}

    /** The figures of one stream. */
    public record StreamSummary(
            Stream stream,
            int acknowledged,
            int refused,
            int indeterminate,
            Optional<WriteReconciliation> truth,
            Optional<Outage> outage,
            Map<FailureReason, Integer> reasons) {}

    private static final int NAMED = 50;

    /**
     * Returns the acknowledged writes that are lost at levels without a promise: a sentence per stream, with their numbers and
     * the files where rollbacks have saved them. A write that was acknowledged before it reached the journal, and was not there
     * when the server was killed, is in no file.
     */
    public List<String> unpromisedLosses() {
        return lines().stream()
                .filter(l -> !l.stream().promised())
                .filter(l -> l.truth().filter(t -> !t.lost().isEmpty()).isPresent())
                .map(l -> unpromisedLosses(
                        l.stream().name(), l.truth().orElseThrow().lost(), evidence.rolledBack()))
                .toList();
    }

    /** @param files the files that rollbacks have left since the drill began */
    public static String unpromisedLosses(String stream, List<Integer> lost, List<String> files) {
        return stream + " promises no durability: " + lost.size() + " acknowledged "
                + (lost.size() == 1 ? "write is" : "writes are") + " lost, "
                + lost.stream().limit(NAMED).map(String::valueOf).collect(Collectors.joining(", "))
                + (lost.size() > NAMED ? ", …" : "")
                + (files.isEmpty()
                        ? "; no rollback has left a file, so these writes had not reached the journal when the server ended"
                        : "; writes removed by rollbacks are saved in " + String.join(", ", files));
    }

    /** Returns the worst of all verdicts. */
    public Word word() {
        if (verdicts.stream().anyMatch(v -> v.word() == Word.BROKEN)) {
            return Word.BROKEN;
        }
        boolean held =
                !verdicts.isEmpty() && tampered.isEmpty() && verdicts.stream().allMatch(v -> v.word() == Word.HELD);
        return held ? Word.HELD : Word.UNKNOWN;
    }

    public String fact(String name) {
        Object value = evidence.drill().get(name);
        return value == null ? "" : value.toString();
    }

    public List<String> facts(String name) {
        return evidence.drill().get(name) instanceof List<?> list
                ? list.stream().map(Object::toString).toList()
                : List.of();
    }

    public Instant began() {
        return evidence.entries().get(0).at();
    }

    public OptionalLong recovery() {
        return evidence.recovery();
    }

    public List<Phase> phases() {
        return RecoveryPhases.of(evidence);
    }

    /** Returns the time from the fault to restored redundancy, in nanoseconds. */
    public OptionalLong restored() {
        return evidence.clockFrom().isPresent() && evidence.mark("healthy").isPresent()
                ? OptionalLong.of(evidence.mark("healthy").get().at()
                        - evidence.clockFrom().get().at())
                : OptionalLong.empty();
    }

    public List<RecoveryTerm> predicted() {
        if (!(evidence.drill().get("predicted") instanceof List<?> list)) {
            return List.of();
        }
        return list.stream()
                .map(one -> (Map<?, ?>) one)
                .flatMap(t -> predicted(t).stream())
                .toList();
    }

    /** Returns the clusters of the drill with their roles and versions. */
    public DrillTopology topology() {
        return DrillTopology.of(evidence);
    }

    /** Returns how the measured recovery time compares with the predicted range; empty when nothing is predicted. */
    public Optional<PredictionComparison> comparison() {
        List<RecoveryTerm> terms = predicted();
        return terms.isEmpty()
                ? Optional.empty()
                : Optional.of(PredictionComparison.of(
                        terms.stream().mapToLong(RecoveryTerm::leastMillis).sum(),
                        terms.stream().mapToLong(RecoveryTerm::mostMillis).sum(),
                        recovery(),
                        phases()));
    }

    /** Returns what the drill found besides its verdicts, each as a sentence. A finding does not change the exit code. */
    public List<String> findings() {
        return comparison()
                .filter(c -> c.agreement() == PredictionComparison.Agreement.MISSED)
                .map(PredictionComparison::sentence)
                .stream()
                .toList();
    }

    /** Absent without its numbers, as in a ledger that was cut off or changed. */
    private static Optional<RecoveryTerm> predicted(Map<?, ?> term) {
        return term.get("least_ms") instanceof Number least && term.get("most_ms") instanceof Number most
                ? Optional.of(new RecoveryTerm(
                        String.valueOf(term.get("term")),
                        least.longValue(),
                        most.longValue(),
                        String.valueOf(term.get("because"))))
                : Optional.empty();
    }

    public List<StreamSummary> lines() {
        return evidence.streams().stream().map(this::line).toList();
    }

    private StreamSummary line(Stream stream) {
        Map<FailureReason, Integer> reasons = new EnumMap<>(FailureReason.class);
        evidence.writes().each(stream.number(), id -> {
            if (evidence.writes().outcome(id) != WriteOutcome.ACKNOWLEDGED) {
                reasons.merge(evidence.writes().reason(id), 1, Integer::sum);
            }
        });
        return new StreamSummary(
                stream,
                evidence.writes().count(stream.number(), WriteOutcome.ACKNOWLEDGED),
                evidence.writes().count(stream.number(), WriteOutcome.REFUSED),
                evidence.writes().count(stream.number(), WriteOutcome.INDETERMINATE),
                evidence.truth(stream),
                evidence.outage(stream),
                reasons);
    }

    /** Returns how many acknowledged writes of promised streams are lost; absent when one was not read back. */
    public OptionalLong lost() {
        long lost = 0;
        for (StreamSummary line : lines()) {
            if (line.stream().promised()) {
                if (line.truth().isEmpty()) {
                    return OptionalLong.empty();
                }
                lost += line.truth().get().lost().size();
            }
        }
        return OptionalLong.of(lost);
    }
}
