package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Event;
import dev.holdfast.ledger.Evidence.Stream;
import dev.holdfast.ledger.ReadBackResult;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.ledger.WriteHistory;
import dev.holdfast.ledger.WriteOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The check that the restored data is exactly that of the recovery target. Writes acknowledged before it are stored, writes
 * begun after it are not. Writes in progress at the target can be stored or not, but at most one per client: a client begins
 * a write when the one before is acknowledged, so a later write without it would be a hole.
 */
public final class RecoveryTargetExact implements Check {

    private static final String NAME = "restored";

    @Override
    public String name() {
        return "recovery-target-exact";
    }

    @Override
    public String claim() {
        return "the last write before the recovery target is restored, and the next one is not";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        return evidence.streams().stream().map(s -> judge(evidence, s)).toList();
    }

    /**
     * The stored writes compared with the expected ones.
     *
     * @param last the last acknowledged write that must be stored; -1 when there is none
     * @param next the first write that must not be stored; -1 when there is none
     */
    private record Sides(
            List<Integer> missing, List<Integer> late, List<Integer> holes, int between, int last, int next) {}

    private Verdict judge(Evidence evidence, Stream stream) {
        Optional<Event> from = evidence.mark("target from");
        Optional<Event> until = evidence.mark("target until");
        Optional<ReadBackResult> found = evidence.found(stream, NAME);
        if (from.isEmpty() || until.isEmpty()) {
            return Verdict.unknown(claim(), stream.name(), "no recovery target is recorded");
        }
        if (found.isEmpty()) {
            return Verdict.unknown(claim(), stream.name(), "the restored data was not read");
        }
        WriteHistory writes = evidence.writes();
        boolean[] there = new boolean[writes.limit()];
        List<Long> strange = strange(writes, found.get(), there);
        Sides sides = sides(writes, stream, there, from.get().at(), until.get().at());
        if (sides.last() < 0 || sides.next() < 0) {
            return Verdict.unknown(
                    claim(),
                    stream.name(),
                    sides.last() < 0
                            ? "no write was acknowledged before the recovery target"
                            : "no write that began after the recovery target was acknowledged");
        }
        return verdict(stream, sides, strange, found.get(), until.get().what());
    }

    private static List<Long> strange(WriteHistory writes, ReadBackResult found, boolean[] there) {
        List<Long> strange = new ArrayList<>();
        for (long id : found.ids()) {
            boolean isOurs = id >= 0 && id < writes.limit() && writes.stream((int) id) == found.stream();
            if (!isOurs || there[(int) id] || writes.outcome((int) id) == WriteOutcome.REFUSED) {
                strange.add(id);
            } else {
                there[(int) id] = true;
            }
        }
        return strange;
    }

    private static Sides sides(WriteHistory writes, Stream stream, boolean[] there, long from, long until) {
        Map<Integer, Integer> latest = new HashMap<>();
        writes.each(stream.number(), id -> {
            if (there[id]) {
                latest.merge(writes.lane(id), id, Math::max);
            }
        });
        List<Integer> missing = new ArrayList<>();
        List<Integer> late = new ArrayList<>();
        List<Integer> holes = new ArrayList<>();
        int[] between = {0};
        int[] edges = {-1, -1};
        writes.each(stream.number(), id -> {
            boolean isAcknowledged = writes.outcome(id) == WriteOutcome.ACKNOWLEDGED;
            if (isAcknowledged && writes.ended(id) <= from) {
                edges[0] = edges[0] < 0 || writes.ended(id) > writes.ended(edges[0]) ? id : edges[0];
                if (!there[id]) {
                    missing.add(id);
                }
            } else if (writes.started(id) >= until) {
                boolean isFirst = edges[1] < 0 || writes.started(id) < writes.started(edges[1]);
                edges[1] = isAcknowledged && isFirst ? id : edges[1];
                if (there[id]) {
                    late.add(id);
                }
            } else if (isAcknowledged) {
                between[0]++;
                if (!there[id] && latest.getOrDefault(writes.lane(id), -1) > id) {
                    holes.add(id);
                }
            }
        });
        return new Sides(missing, late, holes, between[0], edges[0], edges[1]);
    }

    private Verdict verdict(Stream stream, Sides sides, List<Long> strange, ReadBackResult found, String moment) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("recovery_target", moment);
        facts.put("rows", found.ids().length);
        facts.put("last_before", sides.last());
        facts.put("first_after", sides.next());
        facts.put("in_progress", sides.between());
        facts.put("missing", sides.missing());
        facts.put("restored_after_target", sides.late());
        facts.put("gaps", sides.holes());
        facts.put("unexpected", strange);
        String message = "at " + moment + " write " + sides.last() + " is acknowledged, write " + sides.next()
                + " has not begun, and " + sides.between() + " are in progress; " + found.ids().length + " rows on "
                + found.node();
        List<String> wrong = new ArrayList<>();
        report(wrong, sides.missing(), "acknowledged before the recovery target but not restored");
        report(wrong, sides.late(), "begun after the recovery target but restored");
        report(wrong, sides.holes(), "missing although a later write of the same client is restored");
        report(wrong, strange, "restored twice, refused or never sent");
        return wrong.isEmpty()
                ? Verdict.held(claim(), stream.name(), message, facts)
                : Verdict.broken(claim(), stream.name(), message + ": " + String.join("; ", wrong), facts);
    }

    private static void report(List<String> wrong, List<? extends Number> ids, String what) {
        if (!ids.isEmpty()) {
            wrong.add(ids.size() + " " + what + ": " + StreamVerdicts.some(ids));
        }
    }
}
