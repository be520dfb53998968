package dev.holdfast.ledger.checks;

import dev.holdfast.ledger.Check;
import dev.holdfast.ledger.ClientStalls;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Event;
import dev.holdfast.ledger.Evidence.Stream;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.ledger.WriteHistory;
import dev.holdfast.ledger.WriteOutcome;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The check that clients of other groups are unaffected: no write is refused, and none waits longer than before the fault.
 * A stall of the load generator's own machine says nothing about the servers: it makes the claim unknown, never broken.
 */
public final class OtherClientsUnaffected implements Check {

    private static final long SILENCE = 1_000_000_000L;
    private static final int TIMES_USUAL = 3;

    @Override
    public String name() {
        return "other-clients-unaffected";
    }

    @Override
    public String claim() {
        return "only the data of the affected group is unavailable";
    }

    @Override
    public List<Verdict> judge(Evidence evidence) {
        Optional<Event> from = evidence.clockFrom();
        return evidence.streams().stream()
                .filter(s -> !s.affected() && !s.touched())
                .map(s -> from.map(m -> judge(evidence, s, m.at()))
                        .orElseGet(() -> Verdict.unknown(claim(), s.name(), "the time of the fault is not recorded")))
                .toList();
    }

    private Verdict judge(Evidence evidence, Stream stream, long from) {
        ClientStalls stalls = evidence.stalls();
        long until = evidence.clockUntil();
        int[] turned = new int[2];
        WriteHistory writes = evidence.writes();
        writes.each(stream.number(), id -> {
            boolean within = writes.ended(id) >= from && writes.intended(id) <= until;
            if (within && writes.outcome(id) != WriteOutcome.ACKNOWLEDGED) {
                turned[stalls.within(writes.intended(id), writes.ended(id)) > 0 ? 1 : 0]++;
            }
        });
        long[] silence = silence(writes, stream, from, until, stalls);
        long usual = silence(writes, stream, 0, from, stalls)[0];
        long most = Math.max(SILENCE, TIMES_USUAL * usual);
        String message = turned[0] + " writes refused or indeterminate, longest pause "
                + StreamVerdicts.seconds(silence[0]) + " (before the fault " + StreamVerdicts.seconds(usual)
                + ", at most " + StreamVerdicts.seconds(most) + ")";
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("not_acknowledged", turned[0] + turned[1]);
        facts.put("longest_silence_ms", silence[0] / 1_000_000);
        facts.put("usual_silence_ms", usual / 1_000_000);
        facts.put("client_stalled_ms", stalls.within(from, until) / 1_000_000);
        if (turned[0] > 0 || silence[1] > most) {
            return Verdict.broken(claim(), stream.name(), message, facts);
        }
        if (turned[1] > 0 || silence[0] > most) {
            return new Verdict(
                    claim(),
                    stream.name(),
                    Verdict.Word.UNKNOWN,
                    message + "; " + turned[1]
                            + " more were not acknowledged while the load generator's machine stalled, "
                            + StreamVerdicts.seconds(stalls.within(from, until)) + " in total",
                    facts);
        }
        return Verdict.held(claim(), stream.name(), message, facts);
    }

    /** Returns the longest time without an acknowledgement, as it was and without the stalls of the load generator's machine. */
    private static long[] silence(WriteHistory writes, Stream stream, long from, long until, ClientStalls stalls) {
        long[] ends = new long[writes.count(stream.number(), WriteOutcome.ACKNOWLEDGED)];
        int[] n = {0};
        long[] first = {Long.MAX_VALUE};
        long[] last = {Long.MIN_VALUE};
        writes.each(stream.number(), id -> {
            first[0] = Math.min(first[0], writes.intended(id));
            last[0] = Math.max(last[0], writes.ended(id));
            if (writes.outcome(id) == WriteOutcome.ACKNOWLEDGED
                    && writes.ended(id) >= from
                    && writes.ended(id) <= until) {
                ends[n[0]++] = writes.ended(id);
            }
        });
        Arrays.sort(ends, 0, n[0]);
        long before = Math.max(from, Math.min(first[0], until));
        long end = Math.min(until, last[0]);
        long[] longest = new long[2];
        for (int i = 0; i <= n[0]; i++) {
            long next = i < n[0] ? ends[i] : end;
            longest[0] = Math.max(longest[0], next - before);
            longest[1] = Math.max(longest[1], next - before - stalls.within(before, next));
            before = next;
        }
        return longest;
    }
}
