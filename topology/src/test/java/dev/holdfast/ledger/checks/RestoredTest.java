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
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A restore to a moment in which everything is well, and the same with one thing changed at a time. Two clients write in
 * turn, a write every 10 ms that takes 15 ms; the moment is between 1002 and 1004 ms, when numbers 99 and 100 are under way.
 */
@Tag("unit")
class RestoredTest {

    static final List<String> CLAIMS = List.of("recovery-target-exact", "restore-completed");

    private static final long MS = 1_000_000;
    private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");
    private static final String BROKEN =
            "BROKEN s: the last write before the recovery target is restored, and the next " + "one is not";
    private static final String UNKNOWN =
            "UNKNOWN s: the last write before the recovery target is restored, and the " + "next one is not";

    private final Map<String, Long> marks = new LinkedHashMap<>();
    private final WriteHistory writes = new WriteHistory();
    private final List<Long> restored = new ArrayList<>();
    private final List<String> clusters = new ArrayList<>(List.of("c"));
    private final List<Entry> more = new ArrayList<>();
    private boolean read = true;

    @BeforeEach
    void all_is_well() {
        marks.put("target from", 1002L);
        marks.put("target until", 1004L);
        marks.put("fault", 1500L);
        marks.put("phase", 1600L);
        marks.put("restored", 2500L);
        marks.put("discarded", 2700L);
        for (int id = 0; id < 200; id++) {
            write(id, WriteOutcome.ACKNOWLEDGED);
            if (id <= 99) {
                restored.add((long) id);
            }
        }
    }

    private void write(int id, WriteOutcome outcome) {
        long at = id * 10L * MS;
        writes.reserve(0, id % 2, id, 1);
        writes.ended(
                id,
                outcome,
                outcome == WriteOutcome.ACKNOWLEDGED ? FailureReason.NONE : FailureReason.NOT_REACHED,
                at,
                at,
                at + 15 * MS);
    }

    private List<String> not(Word word) {
        return judged().stream()
                .filter(v -> v.word() != word)
                .map(v -> v.word() + " " + v.about() + ": " + v.claim())
                .toList();
    }

    private List<Verdict> judged() {
        List<Entry> entries = new ArrayList<>();
        List<Map<String, Object>> streams = clusters.stream()
                .map(c -> Map.<String, Object>of("name", "s", "cluster", c, "group", "g", "promised", true))
                .toList();
        entries.add(new Entry(
                1, BEGAN, Kind.DRILL, Map.of("target", "c/g", "claims", CLAIMS, "streams", streams, "t_ns", 0)));
        entries.add(new Entry(2, BEGAN, Kind.NOTED, Map.of("waiting_bytes", 4096, "waiting_seconds", 2.5)));
        entries.addAll(more);
        marks.forEach((name, millis) -> entries.add(new Entry(
                entries.size() + 1,
                BEGAN.plusMillis(millis),
                Kind.MARKED,
                Map.of("mark", name, "t_ns", millis * MS, "what", name.equals("phase") ? "decide" : ""))));
        long[] ids = restored.stream().mapToLong(Long::longValue).toArray();
        ReadBackResult found = new ReadBackResult(
                0, "restored", ids, LongStream.range(0, ids.length).toArray());
        Evidence evidence =
                new Evidence(entries, writes, List.of(), read ? Map.of("restored", List.of(found)) : Map.of());
        return CheckRunner.judge(BuiltIns.checks(), evidence).stream()
                .filter(v -> BuiltIns.checks().stream()
                        .filter(c -> CLAIMS.contains(c.name()))
                        .anyMatch(c -> c.claim().equals(v.claim())))
                .toList();
    }

    @Test
    void a_moment_that_is_exact_holds_and_reports_n_and_the_next_and_the_rows() {
        assertThat(judged()).hasSize(2);
        assertThat(not(Word.HELD)).isEmpty();
        assertThat(judged().get(0).evidence())
                .containsEntry("last_before", 98)
                .containsEntry("first_after", 101)
                .containsEntry("in_progress", 2)
                .containsEntry("rows", 100);
    }

    @Test
    void what_was_under_way_may_be_there_or_not() {
        restored.add(100L);
        assertThat(not(Word.HELD)).isEmpty();
        restored.removeAll(List.of(99L, 100L));
        assertThat(not(Word.HELD)).isEmpty();
    }

    @Test
    void n_that_is_not_there_is_named() {
        restored.remove(98L);
        assertThat(not(Word.HELD)).containsExactly(BROKEN);
        assertThat(judged().get(0).because())
                .contains("1 acknowledged before the recovery target but not restored: numbers 98");
    }

    @Test
    void an_earlier_one_that_is_not_there_is_named() {
        restored.remove(7L);
        assertThat(not(Word.HELD)).containsExactly(BROKEN);
        assertThat(judged().get(0).evidence()).containsEntry("missing", List.of(7));
    }

    @Test
    void the_next_one_that_is_there_is_named() {
        restored.add(101L);
        assertThat(not(Word.HELD)).containsExactly(BROKEN);
        assertThat(judged().get(0).because()).contains("1 begun after the recovery target but restored: numbers 101");
    }

    @Test
    void a_hole_between_two_writes_of_one_client_is_named_though_both_were_under_way() {
        marks.put("target until", 1025L);
        restored.remove(99L);
        restored.add(101L);
        assertThat(not(Word.HELD)).containsExactly(BROKEN);
        assertThat(judged().get(0).evidence()).containsEntry("gaps", List.of(99));
    }

    @Test
    void a_ghost_a_duplicate_and_a_refused_one_are_named() {
        for (long wrong : new long[] {99_999, 7}) {
            restored.add(wrong);
            assertThat(not(Word.HELD)).containsExactly(BROKEN);
            restored.remove(restored.size() - 1);
        }
        write(20, WriteOutcome.REFUSED);
        assertThat(not(Word.HELD)).containsExactly(BROKEN);
    }

    @Test
    void what_was_not_read_or_has_no_moment_or_nothing_on_one_side_is_unknown() {
        read = false;
        assertThat(not(Word.HELD)).containsExactly(UNKNOWN);
        read = true;
        marks.put("target until", 5000L);
        assertThat(not(Word.HELD)).containsExactly(UNKNOWN);
        marks.put("target from", 0L);
        assertThat(not(Word.HELD)).containsExactly(UNKNOWN);
        marks.remove("target until");
        assertThat(not(Word.HELD)).containsExactly(UNKNOWN);
    }

    @Test
    void a_restore_is_reported_part_by_part_with_what_was_not_archived() {
        assertThat(judged().get(1).evidence())
                .containsEntry("restore_ms", 1000L)
                .containsEntry("phases_ms", Map.of("decide", 100L, "last look", 900L))
                .containsEntry("waiting_bytes", 4096L);
    }

    @Test
    void a_restore_that_failed_or_was_left_behind_is_broken_and_one_that_was_never_observed_is_unknown() {
        String claim = " c/g: the restore is completed, verified and discarded";
        marks.put("not discarded", 2700L);
        assertThat(not(Word.HELD)).containsExactly("BROKEN" + claim);
        marks.remove("not discarded");
        marks.remove("discarded");
        assertThat(not(Word.HELD)).containsExactly("UNKNOWN" + claim);
        marks.remove("restored");
        assertThat(not(Word.HELD)).containsExactly("UNKNOWN" + claim);
        marks.put("not restored", 2000L);
        assertThat(not(Word.HELD)).containsExactly("BROKEN" + claim);
    }

    private void stage(String cluster, String stage, long millis) {
        more.add(new Entry(3, BEGAN.plusMillis(millis), Kind.ACT_ENDED, Map.of("cluster", cluster, "act", stage)));
    }

    private Map<String, Object> broughtBack() {
        return judged().get(judged().size() - 1).evidence();
    }

    @Test
    void clusters_restored_side_by_side_have_separate_phases() {
        clusters.add("d");
        more.add(new Entry(3, BEGAN, Kind.NOTED, Map.of("waiting_bytes", 1000, "waiting_seconds", 7.0)));
        stage("c", "replay", 1700);
        stage("d", "copy", 1900);
        stage("c", "proof", 2300);
        assertThat(broughtBack())
                .containsEntry("waiting_bytes", 5096L)
                .containsEntry("waiting_seconds", 7.0)
                .containsEntry(
                        "phases_ms",
                        Map.of(
                                "c decide", 100L,
                                "c replay", 100L,
                                "c proof", 600L,
                                "c last look", 200L,
                                "d decide", 100L,
                                "d copy", 300L,
                                "d last look", 600L));
    }

    @Test
    void what_one_of_several_clusters_could_not_report_is_unknown_for_all() {
        clusters.add("d");
        assertThat(broughtBack()).doesNotContainKey("waiting_bytes");
    }
}
