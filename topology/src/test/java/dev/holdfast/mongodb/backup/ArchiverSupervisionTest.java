package dev.holdfast.mongodb.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.backup.BackupSchedule.Lack;
import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.backup.ReplicaSetInventory.Archived;
import dev.holdfast.mongodb.topology.BackupRepository;
import dev.holdfast.mongodb.value.ClusterTime;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is reported of an oplog archive that has ended, and what apply does about it. */
@Tag("unit")
class ArchiverSupervisionTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final String UNIT = "holdfast-archive-e.service";
    private static final Duration RPO = Duration.ofMinutes(5);

    private static ReplicaSetInventory set(String name, boolean isBackedUp, Optional<Duration> reported) {
        long started = NOW.minus(Duration.ofHours(2)).getEpochSecond();
        MemberBackup backup = MemberBackup.of(
                name,
                "20261130T100000Z",
                List.of(
                        List.of("top", started + ":1"),
                        List.of("started", Long.toString(started)),
                        List.of("bytes", "7"),
                        List.of("sha256", "0".repeat(64)),
                        List.of("archive", "data.tar.zst")),
                Optional.of(7L));
        return new ReplicaSetInventory(
                name,
                isBackedUp ? List.of(backup) : List.of(),
                List.of(),
                reported.map(NOW::minus).map(at -> new Archived(new ClusterTime(at.getEpochSecond(), 1), at)),
                List.of(),
                List.of());
    }

    private static ArchiverSupervision schedule(ReplicaSetInventory... sets) {
        BackupRepository repository = new BackupRepository(
                "/b", "/b/mongodb/e/social", Optional.empty(), Duration.ofSeconds(60), Optional.empty());
        return new ArchiverSupervision(
                "social",
                Optional.of(RPO),
                new RepositoryState(repository, List.of(sets), 0, Optional.empty(), false, ""),
                NOW);
    }

    private static ArchiverSupervision since(Duration reported) {
        return schedule(
                set("config", true, Optional.of(Duration.ofSeconds(2))), set("shard-a", true, Optional.of(reported)));
    }

    private static Refusal lack(ArchiverSupervision schedule, String unit) {
        assertThat(schedule.hasEnded()).isTrue();
        List<Lack> lacks = schedule.lacks(new ArchiverUnit(UNIT, unit));
        assertThat(lacks).hasSize(1);
        assertThat(lacks.get(0).isDue()).isTrue();
        return lacks.get(0).refusal();
    }

    @Test
    void an_archive_that_is_written_is_no_difference() {
        assertThat(since(Duration.ofSeconds(29)).hasEnded()).isFalse();
        assertThat(schedule(set("shard-a", false, Optional.empty())).hasEnded())
                .as("a new cluster without a base backup")
                .isFalse();
    }

    @Test
    void an_archive_without_reports_is_an_open_difference_and_after_the_rpo_it_misses_the_objective() {
        Refusal lack = lack(since(Duration.ofMinutes(4)), "");
        assertThat(lack.what()).isEqualTo("the oplog of shard-a has not been archived since 2026-11-30T11:56:00Z");
        assertThat(lack.hint()).startsWith("holdfast backup archive starts the archiver");
        assertThat(lack.exit()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(lack(since(Duration.ofMinutes(6)), "").exit()).isEqualTo(ExitCode.OBJECTIVE_MISSED);
    }

    @Test
    void base_backups_without_any_archive_cannot_be_restored() {
        Refusal lack = lack(schedule(set("shard-a", true, Optional.empty())), "");
        assertThat(lack.what())
                .isEqualTo("the oplog of shard-a has never been archived, so no base backup can be restored");
        assertThat(lack.exit()).isEqualTo(ExitCode.OBJECTIVE_MISSED);
    }

    @Test
    void apply_starts_the_stopped_unit_and_status_reports_the_missed_objective_besides() {
        ArchiverUnit failed = new ArchiverUnit(UNIT, "failed");
        List<Step> steps = since(Duration.ofMinutes(4)).steps(failed, context -> since(Duration.ZERO));
        assertThat(steps).singleElement().satisfies(step -> {
            assertThat(step.title()).isEqualTo("Start " + UNIT);
            assertThat(step.because())
                    .isEqualTo("the oplog of shard-a has not been archived since 2026-11-30T11:56:00Z;"
                            + " the unit is failed");
            assertThat(step.until().look().at(null).holds()).isTrue();
        });
        assertThat(since(Duration.ofMinutes(4)).lacks(failed)).isEmpty();
        Refusal lack = lack(since(Duration.ofMinutes(6)), "failed");
        assertThat(lack.exit()).isEqualTo(ExitCode.OBJECTIVE_MISSED);
        assertThat(lack.hint()).isEqualTo("holdfast apply starts " + UNIT);
    }

    @Test
    void a_unit_that_runs_and_does_not_archive_is_not_started_again() {
        ArchiverUnit active = new ArchiverUnit(UNIT, "activating");
        ArchiverSupervision schedule = since(Duration.ofMinutes(4));
        assertThat(schedule.steps(active, context -> schedule)).isEmpty();
        assertThat(lack(schedule, "activating").hint())
                .isEqualTo("journalctl -u " + UNIT + " names the reason; the unit is activating");
    }
}
