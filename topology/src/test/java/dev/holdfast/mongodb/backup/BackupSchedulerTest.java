package dev.holdfast.mongodb.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.backup.BackupSchedule;
import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.topology.BackupRepository;
import dev.holdfast.mongodb.value.ClusterTime;
import dev.holdfast.plan.Plan.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is said of base backups that the declared schedule misses, and the command that makes them. */
@Tag("unit")
class BackupSchedulerTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private static MemberBackup copy(String set, Instant started) {
        return MemberBackup.of(
                set,
                "20261129T120000Z",
                List.of(
                        List.of("top", started.getEpochSecond() + ":1"),
                        List.of("started", Long.toString(started.getEpochSecond())),
                        List.of("bytes", "7"),
                        List.of("sha256", "0".repeat(64)),
                        List.of("archive", "data.tar.zst")),
                Optional.of(7L));
    }

    private static ReplicaSetInventory inventory(String set, MemberBackup... copies) {
        return new ReplicaSetInventory(set, List.of(copies), List.of(), Optional.empty(), List.of(), List.of());
    }

    private static Optional<Refusal> lack(
            Optional<Duration> base, Optional<Duration> keep, String trouble, ReplicaSetInventory... inventories) {
        BackupRepository repository =
                new BackupRepository("/b", "/b/mongodb/e/social", base, Duration.ofSeconds(60), keep);
        return BackupScheduler.lack(
                        "social",
                        new RepositoryState(
                                repository, Arrays.asList(inventories), 0, Optional.empty(), false, trouble),
                        NOW)
                .map(BackupSchedule.Lack::refusal);
    }

    private static Optional<Refusal> lack(Optional<Duration> base, Optional<Duration> keep, Duration ago) {
        Instant then = NOW.minus(ago);
        return lack(base, keep, "", inventory("config", copy("config", then)), inventory("s0", copy("s0", then)));
    }

    @Test
    void a_cluster_without_a_base_backup_of_every_set_lacks_one_and_apply_is_not_to_blame() {
        Refusal lack = lack(
                        Optional.of(DAY),
                        Optional.empty(),
                        "",
                        inventory("config", copy("config", NOW)),
                        inventory("s0"))
                .orElseThrow();
        assertThat(lack.what()).isEqualTo("no base backup is in /b, so nothing can be restored yet");
        assertThat(lack.hint()).isEqualTo("holdfast backup run social");
        assertThat(lack.exit()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void a_base_backup_older_than_its_interval_and_the_slack_is_overdue() {
        assertThat(lack(Optional.of(DAY), Optional.of(DAY), DAY.plusMinutes(50)))
                .isEmpty();
        Refusal lack =
                lack(Optional.of(DAY), Optional.empty(), DAY.plusMinutes(61)).orElseThrow();
        assertThat(lack.what())
                .isEqualTo("a base backup is overdue: the newest began at 2026-11-29T10:59:00Z, and the declared"
                        + " interval has passed");
        assertThat(lack.hint()).isEqualTo("holdfast backup run social");
    }

    @Test
    void without_an_interval_the_retention_is_the_limit() {
        assertThat(lack(Optional.empty(), Optional.of(DAY), DAY.minusHours(1))).isEmpty();
        assertThat(lack(Optional.empty(), Optional.of(DAY), DAY.plusHours(1))
                        .orElseThrow()
                        .what())
                .contains("the backup is older than keep");
        assertThat(lack(Optional.empty(), Optional.empty(), DAY.multipliedBy(99)))
                .isEmpty();
    }

    @Test
    void a_repository_that_cannot_be_read_is_no_repository_with_fresh_backups() {
        assertThat(lack(Optional.of(DAY), Optional.empty(), "silent", inventory("config"), inventory("s0"))
                        .orElseThrow()
                        .what())
                .contains("the base backups are unknown, because the repository /b cannot be read: silent");
    }

    @Test
    void a_repository_whose_secret_is_not_known_here_has_the_hint_of_the_secret() {
        Refusal lack = BackupSchedule.unknown("pay", "/b", "secret pay/x: it is lost; HINT: restore it", "mount it")
                .refusal();
        assertThat(lack.what()).endsWith("cannot be read: secret pay/x: it is lost");
        assertThat(lack.hint()).isEqualTo("restore it");
    }

    @Test
    void a_new_cluster_has_the_first_interval_for_its_first_base_backup() {
        assertThat(isDue(List.of())).isFalse();
        assertThat(isDue(chains(Duration.ofHours(23)))).isFalse();
        assertThat(isDue(chains(Duration.ofHours(25)))).isTrue();
    }

    private static List<OplogChain> chains(Duration age) {
        ClusterTime begin = new ClusterTime(NOW.minus(age).getEpochSecond(), 1);
        return List.of(new OplogChain(begin, new ClusterTime(NOW.getEpochSecond(), 1), List.of()));
    }

    private static boolean isDue(List<OplogChain> archived) {
        BackupRepository repository = new BackupRepository(
                "/b", "/b/mongodb/e/social", Optional.of(DAY), Duration.ofSeconds(60), Optional.empty());
        ReplicaSetInventory shard =
                new ReplicaSetInventory("s0", List.of(), archived, Optional.empty(), List.of(), List.of());
        return BackupScheduler.lack(
                        "social", new RepositoryState(repository, List.of(shard), 0, Optional.empty(), false, ""), NOW)
                .orElseThrow()
                .isDue();
    }
}
