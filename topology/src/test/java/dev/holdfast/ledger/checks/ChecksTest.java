package dev.holdfast.ledger.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.BuiltIns;
import dev.holdfast.ledger.CheckRunner;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.FailureReason;
import dev.holdfast.ledger.Ledger.Entry;
import dev.holdfast.ledger.Ledger.Kind;
import dev.holdfast.ledger.ReadBackResult;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.ledger.Verdict.Word;
import dev.holdfast.ledger.WriteHistory;
import dev.holdfast.ledger.WriteOutcome;
import dev.holdfast.model.ExitCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A run in which everything is well, and the same with one thing changed at a time: each change must be found by the
 * check that is there for it, so no check passes by seeing nothing. Two streams, a write of each every 10 ms for 4 s; the
 * struck one is refused from 1 s to 1.5 s.
 */
@Tag("unit")
class ChecksTest {

    private static final long MS = 1_000_000;
    private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");

    private final WriteHistory writes = new WriteHistory();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Long> affected = new ArrayList<>();
    private final List<Long> other = new ArrayList<>();
    private final Map<String, Object> drill = new LinkedHashMap<>();
    private long silentUntil = 1500;
    private long refuseFrom = 1000;
    private Map<String, Object> bound = Map.of("most_lost", 9);
    private boolean home = true;
    private boolean whole = true;
    private boolean inEffect = true;
    private boolean readBack = true;

    ChecksTest() {
        drill.put("target", "c/g");
        drill.put("clock_from", "fault");
        drill.put("clock_until", "repair");
        drill.put("t_ns", 0L);
        drill.put("objectives", new LinkedHashMap<>(Map.of("rto_ms", 1000L, "rpo_ms", 0L)));
        drill.put(
                "claims",
                BuiltIns.checks().stream()
                        .map(c -> (Object) c.name())
                        .filter(c -> !RestoredTest.CLAIMS.contains(c))
                        .toList());
        drill.put("streams", List.of(stream("struck", true), stream("other", false)));
    }

    private static Map<String, Object> stream(String name, boolean isAffected) {
        return Map.of(
                "name",
                name,
                "cluster",
                "c",
                "group",
                name,
                "level",
                "w",
                "promised",
                true,
                "affected",
                isAffected,
                "touched",
                false,
                "payload",
                10);
    }

    private void mark(String name, long millis) {
        mark(name, millis, "");
    }

    private void mark(String name, long millis, String what) {
        mark(name, millis, what, Map.of());
    }

    private void mark(String name, long millis, String what, Map<String, Object> more) {
        Map<String, Object> facts = new LinkedHashMap<>(Map.of("mark", name, "t_ns", millis * MS, "what", what));
        facts.putAll(more);
        entries.add(new Entry(entries.size() + 1, BEGAN.plusMillis(millis), Kind.MARKED, facts));
    }

    private Evidence evidence() {
        entries.add(0, new Entry(1, BEGAN, Kind.DRILL, drill));
        mark("fault", 1000);
        if (inEffect) {
            mark("in effect", 1001);
        }
        mark("bound", 1100, "so much may be lost", bound);
        mark("phase", 1200);
        mark("repair", 3800);
        mark(home ? "primary returned" : "primary not returned", 3840);
        mark("archiving", 3850);
        mark(whole ? "healthy" : "not healthy", 3900);
        int id = 0;
        for (long due = 0; due < 4000; due += 10) {
            id = write(id, 0, due, due >= refuseFrom && due < silentUntil);
            id = write(id, 1, due, false);
        }
        List<ReadBackResult> found = readBack ? List.of(found(0, affected), found(1, other)) : List.of(found(1, other));
        return new Evidence(entries, writes, found);
    }

    private int write(int id, int stream, long due, boolean refused) {
        writes.reserve(stream, stream, id, 1);
        WriteOutcome outcome = refused ? WriteOutcome.REFUSED : WriteOutcome.ACKNOWLEDGED;
        writes.ended(
                id,
                outcome,
                refused ? FailureReason.NOT_REACHED : FailureReason.NONE,
                due * MS,
                due * MS,
                due * MS + 2 * MS);
        if (!refused) {
            (stream == 0 ? affected : other).add((long) id);
        }
        return id + 1;
    }

    private static ReadBackResult found(int stream, List<Long> ids) {
        return new ReadBackResult(
                stream,
                "n",
                ids.stream().mapToLong(Long::longValue).toArray(),
                LongStream.range(0, ids.size()).toArray());
    }

    private List<Verdict> judged(Evidence evidence) {
        return CheckRunner.judge(BuiltIns.checks(), evidence);
    }

    private static List<String> not(Word word, List<Verdict> verdicts) {
        return verdicts.stream()
                .filter(v -> v.word() != word)
                .map(v -> v.word() + " " + v.about() + ": " + v.claim())
                .toList();
    }

    private Word withinBound(int lost) {
        evidence();
        affected.subList(20, 20 + lost).clear();
        List<ReadBackResult> found = List.of(found(0, affected), found(1, other));
        return judged(new Evidence(entries, writes, found)).stream()
                .filter(v -> v.claim().contains("bound"))
                .map(Verdict::word)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void several_breaks_at_once_are_counted_from_the_first() {
        mark("fault", 200);
        assertThat(evidence().recovery()).hasValue(1302 * MS);
    }

    @Test
    void the_worst_of_several_faults_one_after_another_is_reported() {
        mark("fault", 200);
        drill.put("broken_in_turn", true);
        assertThat(evidence().recovery()).hasValue(502 * MS);
    }

    @Test
    void a_loss_as_large_as_was_reported_before_is_within_the_bound() {
        assertThat(withinBound(9)).isEqualTo(Word.HELD);
    }

    @Test
    void a_larger_loss_than_was_reported_before_breaks_the_bound() {
        assertThat(withinBound(10)).isEqualTo(Word.BROKEN);
    }

    @Test
    void a_loss_for_which_no_bound_was_known_is_unknown() {
        bound = Map.of();
        assertThat(withinBound(1)).isEqualTo(Word.UNKNOWN);
    }

    @Test
    void a_role_that_did_not_come_home_is_reported() {
        home = false;
        assertThat(not(Word.HELD, judged(evidence()))).containsExactly("BROKEN c/g: the role is back where it was");
    }

    @Test
    void a_run_in_which_all_is_well_holds_every_claim() {
        List<Verdict> verdicts = judged(evidence());
        assertThat(not(Word.HELD, verdicts)).isEmpty();
        assertThat(verdicts).hasSizeGreaterThanOrEqualTo(BuiltIns.checks().size() - 2 - RestoredTest.CLAIMS.size());
        assertThat(CheckRunner.exit(verdicts)).isEqualTo(ExitCode.DONE);
    }

    @Test
    void the_recovery_is_measured_from_the_break_to_the_first_acknowledgement() {
        Evidence evidence = evidence();
        assertThat(evidence.recovery()).hasValue(502 * MS);
        assertThat(dev.holdfast.ledger.RecoveryPhases.of(evidence))
                .extracting(p -> p.length() / MS)
                .containsExactly(200L, 302L);
    }

    @Test
    void clients_that_were_only_touched_and_carried_on_have_no_recovery_time() {
        Map<String, Object> touched = new LinkedHashMap<>(stream("struck", false));
        touched.put("touched", true);
        drill.put("streams", List.of(touched, stream("other", false)));
        assertThat(evidence().recovery()).isEmpty();
    }

    @Test
    void clients_that_were_only_touched_and_were_out_of_service_have_one() {
        Map<String, Object> touched = new LinkedHashMap<>(stream("struck", false));
        touched.put("touched", true);
        drill.put("streams", List.of(touched, stream("other", false)));
        silentUntil = 3500;
        assertThat(evidence().recovery()).hasValue(2502 * MS);
    }

    @Test
    void a_lost_write_breaks_nothing_lost_and_the_rpo_and_is_named() {
        Evidence evidence = evidence();
        long lostId = affected.get(7);
        affected.remove(lostId);
        List<Verdict> verdicts = judged(new Evidence(entries, writes, List.of(found(0, affected), found(1, other))));
        assertThat(not(Word.HELD, verdicts))
                .containsExactly(
                        "BROKEN struck: no acknowledged write is lost", "BROKEN struck: the loss is within the RPO");
        assertThat(verdicts.get(0).because()).contains("1 lost").contains("numbers " + lostId);
        assertThat(verdicts.get(0).evidence()).containsEntry("lost", List.of((int) lostId));
        assertThat(CheckRunner.exit(verdicts)).isEqualTo(ExitCode.OBJECTIVE_MISSED);
        assertThat(evidence.streams()).hasSize(2);
    }

    @Test
    void a_ghost_a_duplicate_and_a_swap_break_nothing_invented() {
        evidence();
        List<Long> ghost = new ArrayList<>(affected);
        ghost.add(99_999L);
        List<Long> twice = new ArrayList<>(affected);
        twice.add(affected.get(3));
        List<Long> swapped = new ArrayList<>(affected);
        java.util.Collections.swap(swapped, 3, 4);
        for (List<Long> wrong : List.of(ghost, twice, swapped)) {
            Evidence changed = new Evidence(entries, writes, List.of(found(0, wrong), found(1, other)));
            assertThat(not(Word.HELD, judged(changed)))
                    .containsExactly("BROKEN struck: no unsent, duplicate or reordered write");
        }
    }

    @Test
    void a_stream_that_was_not_read_back_is_unknown_and_not_well() {
        readBack = false;
        List<Verdict> verdicts = judged(evidence());
        assertThat(not(Word.HELD, verdicts))
                .containsExactly(
                        "UNKNOWN struck: no acknowledged write is lost",
                        "UNKNOWN struck: no unsent, duplicate or reordered write",
                        "UNKNOWN struck: the loss is within the RPO",
                        "UNKNOWN struck: the loss is within the predicted bound");
        assertThat(CheckRunner.exit(verdicts)).isEqualTo(ExitCode.UNREACHABLE);
    }

    @Test
    void an_outage_longer_than_the_rto_breaks_it() {
        silentUntil = 2100;
        assertThat(not(Word.HELD, judged(evidence())))
                .containsExactly("BROKEN struck: writes are acknowledged again within the RTO");
    }

    @Test
    void an_outage_longer_than_two_seconds_is_no_carrying_on() {
        silentUntil = 3300;
        assertThat(not(Word.HELD, judged(evidence())))
                .containsExactly(
                        "BROKEN struck: writes are acknowledged again within the RTO",
                        "BROKEN struck: clients continue, with a pause of at most 2 s",
                        "BROKEN struck: clients continue, or are served again within the RTO");
    }

    @Test
    void when_no_write_was_refused_the_longest_silence_bounds_the_recovery() {
        refuseFrom = 9000;
        List<Verdict> verdicts = new RecoveredWithinRto().judge(evidence());
        assertThat(verdicts).extracting(Verdict::word).containsExactly(Word.HELD);
        assertThat(verdicts.get(0).because())
                .startsWith("no write was refused or late; the longest time without an acknowledged write was");
        assertThat(verdicts.get(0).evidence()).doesNotContainKey("rto_ms");
    }

    @Test
    void without_any_write_after_the_fault_the_recovery_is_unknown() {
        drill.put("streams", List.of(stream("struck", true)));
        entries.add(new Entry(1, BEGAN, Kind.DRILL, drill));
        mark("fault", 1000);
        List<Verdict> verdicts = new RecoveredWithinRto().judge(new Evidence(entries, writes, List.of()));
        assertThat(verdicts).extracting(Verdict::word).containsExactly(Word.UNKNOWN);
        assertThat(verdicts.get(0).because()).isEqualTo("no write was acknowledged, refused or late after the fault");
    }

    @Test
    void a_fault_that_was_never_observed_proves_nothing() {
        inEffect = false;
        assertThat(not(Word.HELD, judged(evidence()))).containsExactly("UNKNOWN c/g: the fault took effect");
    }

    @Test
    void an_estate_that_is_not_healthy_afterwards_breaks_its_claim() {
        whole = false;
        assertThat(not(Word.HELD, judged(evidence())))
                .containsExactly(
                        "BROKEN c/g: at the end all faults are reverted, the estate is healthy, and its plan is empty");
    }

    @Test
    void a_refusal_elsewhere_breaks_the_claim_that_others_are_untouched() {
        Evidence evidence = evidence();
        int elsewhere = other.get(120).intValue();
        writes.ended(elsewhere, WriteOutcome.REFUSED, FailureReason.NOT_REACHED, 1200 * MS, 1200 * MS, 1201 * MS);
        other.remove((long) elsewhere);
        Evidence changed = new Evidence(entries, writes, List.of(found(0, affected), found(1, other)));
        assertThat(evidence.streams()).hasSize(2);
        assertThat(not(Word.HELD, judged(changed)))
                .containsExactly("BROKEN other: only the data of the affected group is unavailable");
    }

    private void stoodStill(long from, long until) {
        entries.add(new Entry(
                entries.size() + 1,
                BEGAN.plusMillis(3950),
                Kind.NOTED,
                Map.of("stalls", List.of(Map.of("from_ns", from * MS, "until_ns", until * MS)))));
    }

    private Evidence refusedElsewhere() {
        evidence();
        int elsewhere = other.get(120).intValue();
        writes.ended(elsewhere, WriteOutcome.INDETERMINATE, FailureReason.TIMED_OUT, 1200 * MS, 1200 * MS, 3200 * MS);
        return new Evidence(entries, writes, List.of(found(0, affected), found(1, other)));
    }

    @Test
    void timeouts_of_other_clients_while_the_load_generator_stalled_make_the_claim_unknown() {
        stoodStill(2000, 2400);
        assertThat(not(Word.HELD, judged(refusedElsewhere())))
                .containsExactly("UNKNOWN other: only the data of the affected group is unavailable");
    }

    @Test
    void what_timed_out_elsewhere_at_another_time_than_the_standstill_still_breaks_it() {
        stoodStill(3300, 3700);
        assertThat(not(Word.HELD, judged(refusedElsewhere())))
                .containsExactly("BROKEN other: only the data of the affected group is unavailable");
    }

    @Test
    void a_silence_elsewhere_breaks_it_and_as_much_of_it_as_was_a_standstill_does_not() {
        evidence();
        writes.each(1, id -> {
            if (writes.intended(id) >= 1500 * MS && writes.intended(id) < 3000 * MS) {
                writes.ended(
                        id, WriteOutcome.ACKNOWLEDGED, FailureReason.NONE, writes.intended(id), 1500 * MS, 3000 * MS);
            }
        });
        Evidence silent = new Evidence(entries, writes, List.of(found(0, affected), found(1, other)));
        assertThat(not(Word.HELD, judged(silent)))
                .containsExactly("BROKEN other: only the data of the affected group is unavailable");
        stoodStill(1600, 2600);
        Evidence still = new Evidence(entries, writes, List.of(found(0, affected), found(1, other)));
        assertThat(not(Word.HELD, judged(still)))
                .containsExactly("UNKNOWN other: only the data of the affected group is unavailable");
    }

    @Test
    void a_drill_that_was_broken_off_is_never_a_pass_though_no_drill_names_that_claim() {
        mark("ended early", 1600);
        drill.put("claims", List.of("no-acknowledged-write-lost"));
        assertThat(not(Word.HELD, judged(evidence()))).containsExactly("UNKNOWN c/g: the drill ran to its end");
    }

    @Test
    void an_invariant_that_is_answered_otherwise_is_broken_and_one_that_was_not_asked_is_unknown() {
        drill.put("invariants", List.of("the books balance", "nobody is left"));
        entries.add(new Entry(
                1,
                BEGAN.plusMillis(3960),
                Kind.NOTED,
                Map.of(
                        "invariant",
                        "the books balance",
                        "cluster",
                        "c",
                        "asked",
                        "SELECT 1",
                        "expect",
                        "0",
                        "answered",
                        true,
                        "answer",
                        "1")));
        assertThat(not(Word.HELD, judged(evidence())))
                .containsExactly("BROKEN c: the books balance", "UNKNOWN own data: nobody is left");
    }

    @Test
    void a_fault_that_was_observed_and_another_that_was_not_have_not_taken_effect() {
        mark("no effect", 1002);
        assertThat(not(Word.HELD, judged(evidence()))).contains("UNKNOWN c/g: the fault took effect");
    }

    @Test
    void phases_that_do_not_follow_one_another_are_found() {
        Evidence evidence = evidence();
        assertThat(new RecoveryPhasesConsistent().judge(evidence))
                .extracting(Verdict::word)
                .containsExactly(Word.HELD);
        drill.put("clock_from", "nowhere");
        Evidence without = new Evidence(entries, writes, List.of(found(0, affected), found(1, other)));
        assertThat(new RecoveryPhasesConsistent().judge(without)).isEmpty();
        assertThat(new RecoveredWithinRto().judge(without))
                .extracting(Verdict::word)
                .containsExactly(Word.UNKNOWN);
    }

    @Test
    void without_any_verdict_nothing_was_shown() {
        assertThat(CheckRunner.exit(List.of())).isEqualTo(ExitCode.UNREACHABLE);
    }

    @Test
    void a_million_writes_are_judged_at_once() {
        WriteHistory many = new WriteHistory();
        long[] ids = new long[1_000_000];
        for (int id = 0; id < ids.length; id++) {
            many.reserve(0, id % 8, id, 1);
            many.ended(id, WriteOutcome.ACKNOWLEDGED, FailureReason.NONE, id * MS / 2, id * MS / 2, id * MS / 2 + MS);
            ids[id] = id;
        }
        long[] positions = LongStream.range(0, ids.length).toArray();
        positions[500_000] = 0;
        drill.put("streams", List.of(stream("struck", true)));
        entries.add(new Entry(1, BEGAN, Kind.DRILL, drill));
        mark("fault", 1000);
        List<Verdict> verdicts =
                judged(new Evidence(entries, many, List.of(new ReadBackResult(0, "n", ids, positions))));
        assertThat(verdicts).isNotEmpty();
    }
}
