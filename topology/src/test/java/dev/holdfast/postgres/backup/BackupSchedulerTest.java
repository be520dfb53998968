package dev.holdfast.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.backup.BackupSchedule;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.topology.BackupRepository;
import dev.holdfast.postgres.value.Lsn;
import dev.holdfast.postgres.value.WalSegmentSize;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is said of base backups that the declared schedule misses, and the command that makes them. */
@Tag("unit")
class BackupSchedulerTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private static BaseBackup made(String kind, Duration ago) {
        Instant then = NOW.minus(ago);
        return new BaseBackup("20261101-000000F", kind, then, then.plusSeconds(9), 1, 1, 2, Lsn.at("0/2000000"), 9, 9);
    }

    private static Optional<Refusal> lack(
            Optional<Duration> full, Optional<Duration> incremental, Optional<Duration> keep, BaseBackup... made) {
        return lack(full, incremental, keep, "7", "", made);
    }

    private static Optional<Refusal> lack(
            Optional<Duration> full,
            Optional<Duration> incremental,
            Optional<Duration> keep,
            String system,
            String trouble,
            BaseBackup... made) {
        BackupRepository declared = new BackupRepository(
                "/b", full, Optional.empty(), incremental, Duration.ofMinutes(1), keep, Optional.empty());
        return new BackupScheduler(declared)
                .lack("payments", "/b/e/payments", state(system, trouble, made), NOW)
                .map(BackupSchedule.Lack::refusal);
    }

    private static RepositoryState state(String system, String trouble, BaseBackup... made) {
        return new RepositoryState(
                system,
                List.of(),
                -1,
                -1,
                WalSegmentSize.DEFAULT,
                List.of(made),
                Map.of(),
                new TreeMap<>(),
                0,
                0,
                Optional.empty(),
                trouble);
    }

    @Test
    void a_cluster_without_a_base_backup_lacks_one_and_apply_is_not_to_blame() {
        Refusal lack =
                lack(Optional.of(DAY), Optional.empty(), Optional.empty()).orElseThrow();
        assertThat(lack.where()).isEqualTo("payments");
        assertThat(lack.what()).isEqualTo("no base backup is in /b/e/payments, so nothing can be restored yet");
        assertThat(lack.hint()).isEqualTo("holdfast backup run payments");
        assertThat(lack.exit()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void a_base_backup_within_its_interval_and_the_slack_is_enough() {
        assertThat(lack(Optional.of(DAY), Optional.empty(), Optional.of(DAY), made("full", DAY.plusMinutes(20))))
                .isEmpty();
    }

    @Test
    void a_full_backup_older_than_declared_is_overdue_although_an_incremental_one_is_new() {
        Refusal lack = lack(
                        Optional.of(DAY),
                        Optional.of(Duration.ofHours(2)),
                        Optional.empty(),
                        made("full", DAY.plusHours(2)),
                        made("incr", Duration.ofMinutes(5)))
                .orElseThrow();
        assertThat(lack.what())
                .isEqualTo(
                        "a base backup is overdue: the newest began at 2026-11-30T11:55:00Z, and the last full backup"
                                + " is older than declared");
        assertThat(lack.hint()).isEqualTo("holdfast backup run payments");
    }

    @Test
    void an_incremental_backup_older_than_declared_is_overdue() {
        assertThat(lack(
                                Optional.of(DAY.multipliedBy(7)),
                                Optional.of(DAY),
                                Optional.empty(),
                                made("full", DAY.plusHours(2)))
                        .orElseThrow()
                        .what())
                .contains("the last incremental backup is older than declared");
    }

    @Test
    void without_an_interval_the_retention_is_the_limit_and_the_hint_makes_a_backup_that_is_not_due() {
        Optional<Duration> keep = Optional.of(DAY);
        assertThat(lack(Optional.empty(), Optional.empty(), keep, made("full", DAY.minusHours(1))))
                .isEmpty();
        Refusal lack = lack(Optional.empty(), Optional.empty(), keep, made("full", DAY.plusHours(1)))
                .orElseThrow();
        assertThat(lack.what()).contains("the backup is older than keep");
        assertThat(lack.hint()).isEqualTo("holdfast backup run payments --kind full");
    }

    @Test
    void without_an_interval_and_a_retention_the_operator_decides() {
        assertThat(lack(Optional.empty(), Optional.empty(), Optional.empty(), made("full", DAY.multipliedBy(99))))
                .isEmpty();
    }

    @Test
    void a_repository_that_cannot_be_read_is_no_repository_with_fresh_backups() {
        assertThat(lack(Optional.of(DAY), Optional.empty(), Optional.empty(), "", "pgbackrest info: cipher")
                        .orElseThrow()
                        .what())
                .isEqualTo("the base backups are unknown, because the repository /b/e/payments cannot be read:"
                        + " pgbackrest info: cipher");
    }

    @Test
    void without_a_repository_apply_says_what_is_missing() {
        assertThat(lack(Optional.of(DAY), Optional.empty(), Optional.empty(), "", ""))
                .isEmpty();
    }

    @Test
    void a_new_cluster_has_the_first_interval_for_its_first_base_backup() {
        assertThat(isDue(Duration.ofHours(23))).isFalse();
        assertThat(isDue(Duration.ofHours(25))).isTrue();
    }

    private static boolean isDue(Duration age) {
        Optional<Duration> week = Optional.of(DAY.multipliedBy(7));
        BackupRepository declared = new BackupRepository(
                "/b", week, Optional.empty(), Optional.of(DAY), Duration.ofMinutes(1), week, Optional.empty());
        String system = Long.toUnsignedString(NOW.minus(age).getEpochSecond() << Integer.SIZE | 12345);
        return new BackupScheduler(declared)
                .lack("payments", "/b/e/payments", state(system, ""), NOW)
                .orElseThrow()
                .isDue();
    }
}
