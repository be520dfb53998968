package dev.holdfast.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.backup.RecoveryTarget;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.Trio;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.value.Lsn;
import dev.holdfast.postgres.value.WalSegmentSize;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whether the archive reaches from a base backup to now, over every promotion, and what is refused when it does not. */
@Tag("unit")
class WalArchiveTimelineTest {

    static final Instant COPIED = Instant.ofEpochSecond(1_800_000_000);

    /** A backup as pgBackRest reports it; all in one segment. */
    private static Map<String, Object> full(String segment, String start, String stop) {
        return Map.of(
                "archive", Map.of("start", segment, "stop", segment),
                "label", "20270115-080000F",
                "lsn", Map.of("start", start, "stop", stop),
                "timestamp", Map.of("start", COPIED.getEpochSecond(), "stop", COPIED.getEpochSecond()),
                "type", "full");
    }

    static final Map<String, Object> FULL = full("000000010000000000000003", "0/3000028", "0/3000100");

    /** The archived segments from one number to another, the size being 16 MiB. */
    static String range(int timeline, long first, long last) {
        return "{\"t\":\"range\",\"first\":\"" + WalSegmentSize.DEFAULT.name(timeline, first) + "\",\"last\":\""
                + WalSegmentSize.DEFAULT.name(timeline, last) + "\"}\n";
    }

    /** The history of timeline 2, which left timeline 1. */
    static String history(String end) {
        return "{\"t\":\"history\",\"timeline\":\"00000002\"}\n"
                + "{\"t\":\"ended\",\"timeline\":\"00000002\",\"of\":1,\"lsn\":\"" + end + "\"}\n";
    }

    /** A complete answer for the repository of system 77. */
    static String answer(String records) {
        String all = "{\"t\":\"repository\",\"id\":\"77\"}\n" + records;
        return RepositoryRecords.LOOK.header() + "\n" + all + "{\"t\":\"end\",\"records\":"
                + all.lines().count() + "}\n";
    }

    private static RepositoryState shelf(Map<String, Object> backup, String lines) {
        Map<String, Object> info = Map.of(
                "backup", List.of(backup), "repo", List.of(Map.of("status", Map.of("code", 0, "message", "ok"))));
        return RepositoryState.of(new ActionResult(ActionResult.Outcome.OK, "", answer(lines), List.of(info)));
    }

    static BackupState state(String lines) {
        return state(FULL, lines);
    }

    private static BackupState state(Map<String, Object> backup, String lines) {
        PostgresState now = new PostgresState(
                COPIED.plusSeconds(1000),
                new Trio().cluster(),
                List.of(),
                List.of(),
                ActionResult.ok(""),
                Map.of(),
                List.of(),
                Map.of(),
                Map.of(),
                List.of());
        return new BackupState(now, shelf(backup, lines), Optional.empty(), ActionResult.silent("no primary answers"));
    }

    private static String refusal(BackupState state, Instant moment) {
        RecoveryTargetResolver reachable =
                new RecoveryTargetResolver("payments", state, List.of(), Optional.empty(), List.of());
        return reachable
                .answer(new RecoveryTarget.Time(moment))
                .refusal()
                .map(Refusal::what)
                .orElse("none");
    }

    @Test
    void an_archive_without_a_hole_reaches_to_its_last_segment() {
        BackupState state = state(range(1, 1, 9));
        assertThat(state.stretches())
                .singleElement()
                .satisfies(s -> assertThat(s.last()).isEqualTo(9));
        assertThat(state.holes()).isEmpty();
    }

    @Test
    void a_missing_segment_is_named_and_ends_what_can_be_reached() {
        BackupState state = state(range(1, 1, 5) + range(1, 7, 9));
        assertThat(state.stretches())
                .singleElement()
                .satisfies(s -> assertThat(s.last()).isEqualTo(5));
        assertThat(state.holes())
                .extracting(WalArchiveTimeline.Gap::description)
                .containsExactly("000000010000000000000006");
    }

    @Test
    void a_base_copy_whose_own_log_is_missing_is_of_no_use() {
        BackupState state = state(range(1, 4, 9));
        assertThat(state.stretches()).isEmpty();
    }

    @Test
    void a_promotion_is_followed_in_the_segment_in_which_it_happened() {
        BackupState state = state(range(1, 1, 5) + range(2, 6, 8) + history("0/6000123"));
        assertThat(state.stretches())
                .singleElement()
                .satisfies(s -> assertThat(s.last()).isEqualTo(8));
        assertThat(state.holes()).isEmpty();
    }

    @Test
    void the_old_timelines_segment_does_not_stand_in_for_the_one_of_the_promotion() {
        BackupState state = state(range(1, 1, 6) + range(2, 7, 8) + history("0/6000123"));
        assertThat(state.holes())
                .extracting(WalArchiveTimeline.Gap::description)
                .containsExactly("000000020000000000000006");
    }

    @Test
    void a_base_copy_of_a_part_of_a_timeline_that_was_given_up_is_none_of_this_line() {
        Map<String, Object> later = full("000000010000000000000007", "0/7000028", "0/7000100");
        BackupState state = state(later, range(1, 1, 8) + range(2, 6, 9) + history("0/6000123"));
        assertThat(state.stretches()).isEmpty();
    }

    @Test
    void a_damaged_segment_shrinks_what_can_be_reached() {
        RepositoryState shelf = shelf(FULL, range(1, 1, 9)).without(List.of("000000010000000000000005"), List.of());
        assertThat(shelf.lineage().reach(3)).isEqualTo(4);
        assertThat(shelf.lineage().holes(3))
                .extracting(WalArchiveTimeline.Gap::description)
                .containsExactly("000000010000000000000005");
    }

    @Test
    void a_moment_that_cannot_be_reached_is_refused_with_its_reason() {
        BackupState state = state(range(1, 1, 5) + range(1, 7, 9));
        assertThat(refusal(state, COPIED.plusSeconds(5000))).contains("is in the future");
        assertThat(refusal(state, COPIED.minusSeconds(5))).contains("before the end of the first base backup");
        assertThat(refusal(state, COPIED.plusSeconds(500)))
                .contains("segments are missing in the archive: 000000010000000000000006");
        assertThat(refusal(state(range(1, 1, 9)), COPIED.plusSeconds(500)))
                .contains("after the last archived commit, and no primary answers");
    }

    @Test
    void segments_are_named_as_postgresql_names_them() {
        assertThat(WalSegmentSize.DEFAULT.name(2, 0x1FF)).isEqualTo("0000000200000001000000FF");
        assertThat(WalSegmentSize.DEFAULT.number("0000000200000001000000FF")).isEqualTo(0x1FF);
        assertThat(WalSegmentSize.DEFAULT.at(Lsn.at("1/FF000028"))).isEqualTo(0x1FF);
    }
}
