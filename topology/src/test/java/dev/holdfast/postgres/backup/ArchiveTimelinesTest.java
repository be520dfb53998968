package dev.holdfast.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.backup.BackupInventory.RecoveryWindow;
import dev.holdfast.backup.RecoveryTarget;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.backup.ArchiveTimelines.Branch;
import dev.holdfast.postgres.backup.RecoveryTargetResolver.Answered;
import dev.holdfast.postgres.backup.RepositoryRecords.Match;
import dev.holdfast.postgres.value.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A moment that two timelines hold is asked for; one that only one of them holds is brought back from there. */
@Tag("unit")
class ArchiveTimelinesTest {

    private static final Instant COPIED = WalArchiveTimelineTest.COPIED;
    private static final String ARCHIVE = WalArchiveTimelineTest.range(1, 1, 9)
            + WalArchiveTimelineTest.range(2, 6, 12)
            + WalArchiveTimelineTest.history("0/6000123");

    /** Timeline 1 has commits up to 400 s; timeline 2 was begun by a restore to 100 s and has commits from 500 to 900 s. */
    private static ArchiveTimelines branches() {
        BackupState state = WalArchiveTimelineTest.state(ARCHIVE);
        Branch current = new Branch(2, state, List.of(window(900)), Optional.empty(), Lsn.START, Instant.MIN);
        Branch left = new Branch(1, state.on(1), List.of(window(400)), Optional.empty(), Lsn.at("0/6000123"), at(110));
        return new ArchiveTimelines("payments", current, List.of(left));
    }

    private static Instant at(long seconds) {
        return COPIED.plusSeconds(seconds);
    }

    private static RecoveryWindow window(long to) {
        return new RecoveryWindow(COPIED.plusSeconds(1), at(to), "");
    }

    private static Answered answer(RecoveryTarget moment, Optional<Integer> timeline, Match... found) {
        return branches().answer(moment, timeline, List.of(found));
    }

    private static Match point(String segment, String lsn) {
        return new Match(RepositoryRecords.MatchKind.POINT, segment, lsn, "", "");
    }

    private static Answered time(long seconds) {
        return answer(new RecoveryTarget.Time(at(seconds)), Optional.empty());
    }

    private static void isAsked(Answered answered) {
        Refusal refusal = answered.refusal().orElseThrow();
        assertThat(refusal.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(refusal.what()).contains("is on several timelines");
        assertThat(refusal.hint()).contains("--timeline 2 or --timeline 1");
    }

    @Test
    void what_both_timelines_have_in_common_needs_no_question() {
        assertThat(time(50).goal().orElseThrow().timeline()).isEmpty();
        assertThat(time(109).goal().orElseThrow().timeline()).isEmpty();
    }

    @Test
    void a_time_that_both_hold_is_asked_for_and_never_guessed() {
        isAsked(time(110));
        isAsked(time(400));
        assertThat(time(401).goal().orElseThrow().timeline()).isEmpty();
    }

    @Test
    void the_timeline_that_is_named_is_the_one_that_is_replayed() {
        ReplayTarget one =
                answer(new RecoveryTarget.Time(at(300)), Optional.of(1)).goal().orElseThrow();
        assertThat(one.timeline()).contains("1");
        assertThat(one.settings(true))
                .containsEntry("recovery_target_timeline", "1")
                .containsKey("recovery_target_time");
        assertThat(ReplayTarget.of(one.line()).orElseThrow().isTo(one)).isTrue();
        ReplayTarget two =
                answer(new RecoveryTarget.Time(at(300)), Optional.of(2)).goal().orElseThrow();
        assertThat(two.timeline()).isEmpty();
        assertThat(two.isTo(one)).isFalse();
        Refusal none = answer(new RecoveryTarget.Time(at(300)), Optional.of(7))
                .refusal()
                .orElseThrow();
        assertThat(none.what()).contains("no timeline 7");
        assertThat(none.hint()).contains("--timeline can be 1, 2");
    }

    /** Its later segments are archived, and its commits cannot be read without the first one. */
    @Test
    void a_timeline_without_its_first_segment_is_refused_with_the_name_of_the_segment() {
        BackupState state = WalArchiveTimelineTest.state(WalArchiveTimelineTest.range(1, 1, 9)
                + WalArchiveTimelineTest.range(2, 7, 12)
                + WalArchiveTimelineTest.history("0/6000123"));
        Branch first = new Branch(1, state.on(1), List.of(window(400)), Optional.empty(), Lsn.START, Instant.MIN);
        Branch second =
                new Branch(2, state, List.of(window(90)), Optional.of(Lsn.at("0/5000200")), Lsn.START, Instant.MIN);
        for (ArchiveTimelines branches : List.of(
                new ArchiveTimelines("payments", first, List.of()),
                new ArchiveTimelines("payments", second, List.of()))) {
            Refusal refusal = branches.answer(new RecoveryTarget.Latest(), Optional.of(2), List.of())
                    .refusal()
                    .orElseThrow();
            assertThat(refusal.what())
                    .isEqualTo(
                            "timeline 2 cannot be restored: its first segment, 000000020000000000000006, is not in the"
                                    + " archive. Nothing was changed");
            assertThat(refusal.exit()).isEqualTo(ExitCode.REFUSED);
            assertThat(refusal.hint()).contains("search pg_wal of every member for 000000020000000000000006");
        }
    }

    @Test
    void a_place_in_the_log_behind_the_parting_is_asked_for() {
        assertThat(answer(new RecoveryTarget.Lsn("0/6000000"), Optional.empty()).goal())
                .isPresent();
        isAsked(answer(new RecoveryTarget.Lsn("0/7000000"), Optional.empty()));
        assertThat(answer(new RecoveryTarget.Lsn("0/B000000"), Optional.empty())
                        .goal()
                        .orElseThrow()
                        .timeline())
                .isEmpty();
    }

    @Test
    void of_two_restore_points_with_one_name_the_later_is_taken_and_on_two_timelines_it_is_asked_for() {
        Match shared = point("000000010000000000000004", "0/4000100");
        Match later = point("000000010000000000000005", "0/5000200");
        Match left = point("000000010000000000000008", "0/8000100");
        Match current = point("000000020000000000000009", "0/9000100");
        ReplayTarget one = answer(new RecoveryTarget.RestorePoint("rp"), Optional.empty(), shared)
                .goal()
                .orElseThrow();
        assertThat(one.setting()).isEqualTo("name");
        ReplayTarget last = answer(new RecoveryTarget.RestorePoint("rp"), Optional.empty(), shared, later)
                .goal()
                .orElseThrow();
        assertThat(last.setting()).isEqualTo("lsn");
        assertThat(last.value()).isEqualTo("0/5000200");
        isAsked(answer(new RecoveryTarget.RestorePoint("rp"), Optional.empty(), left, current));
        assertThat(answer(new RecoveryTarget.RestorePoint("rp"), Optional.of(1), left, current)
                        .goal()
                        .orElseThrow()
                        .timeline())
                .contains("1");
        assertThat(answer(new RecoveryTarget.RestorePoint("rp"), Optional.empty(), left)
                        .goal()
                        .orElseThrow()
                        .timeline())
                .as("only the timeline that was left has it")
                .contains("1");
    }

    @Test
    void windows_are_reported_per_timeline_with_what_only_that_one_holds() {
        List<RecoveryWindow> windows = branches().windows();
        assertThat(windows).extracting(w -> w.timeline().orElseThrow()).containsExactly(2, 1);
        assertThat(windows.get(1).from()).isEqualTo(at(110));
        assertThat(windows.get(1).to()).isEqualTo(at(400));
        assertThat(windows.get(1).isLeft()).isTrue();
    }
}
