package dev.holdfast.postgres.backup;

import dev.holdfast.backup.BackupSchedule;
import dev.holdfast.backup.BackupSchedule.Lack;
import dev.holdfast.execution.Measurement;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import dev.holdfast.postgres.topology.BackupRepository;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Selects the kind of base backup that is due by the declared schedule. */
public final class BackupScheduler {

    /** A nightly base backup starts a few minutes earlier or later each night. */
    private static final Duration SLACK = Duration.ofMinutes(30);

    private final BackupRepository repository;

    BackupScheduler(BackupRepository repository) {
        this.repository = repository;
    }

    /** Returns the kind that is due, and the reason. */
    public record Due(String kind, String because) {}

    Optional<Due> due(List<BaseBackup> copies, Instant now, boolean isStale) {
        if (copies.isEmpty()) {
            return Optional.of(new Due("full", "no base backup exists"));
        }
        if (isOver(copies, BaseBackup::isFull, repository.full(), now)) {
            return Optional.of(new Due("full", "the last full backup is older than declared"));
        }
        if (isOver(copies, c -> !c.kind().equals("incr"), repository.differential(), now)) {
            return Optional.of(new Due("diff", "the last differential backup is older than declared"));
        }
        if (isOver(copies, c -> true, repository.incremental(), now)) {
            return Optional.of(new Due("incr", "the last incremental backup is older than declared"));
        }
        return isStale ? Optional.of(new Due("incr", "a member was promoted since the last one")) : Optional.empty();
    }

    private static boolean isOver(
            List<BaseBackup> copies, Predicate<BaseBackup> which, Optional<Duration> often, Instant now) {
        return often.isPresent()
                && copies.stream()
                        .filter(which)
                        .noneMatch(c -> c.started()
                                .isAfter(now.minus(
                                        often.get().compareTo(SLACK.multipliedBy(2)) > 0
                                                ? often.get().minus(SLACK)
                                                : often.get())));
    }

    /** Returns a runbook without steps that compares the base backups with the schedule; see {@link BackupSchedule}. */
    public static Runbook<BackupSchedule> runbook(Topology topology, PostgresCluster cluster) {
        RepositoryProbe probe = new RepositoryProbe(topology, cluster);
        BackupScheduler scheduler = new BackupScheduler(probe.archive().declared());
        return BackupSchedule.runbook(cluster.name(), context -> {
            Instant now = context.now();
            PrimaryBackups backups = PrimaryBackups.look(context, cluster, probe);
            Optional<RepositoryState> found = backups.repository();
            Optional<Lack> lack = backups.silent().isEmpty()
                    ? found.flatMap(
                            r -> scheduler.lack(cluster.name(), probe.archive().folder(), r, now))
                    : Optional.of(BackupSchedule.notCompared(cluster.name(), backups.silent()));
            return new BackupSchedule(
                    now,
                    lack.stream().toList(),
                    List.of(),
                    found.map(BackupScheduler::measured).orElse(List.of()));
        });
    }

    private static List<Measurement> measured(RepositoryState repository) {
        List<BaseBackup> copies = repository.copies();
        return BackupSchedule.measured(
                copies.stream().map(BaseBackup::started).max(Instant::compareTo), repository.proven());
    }

    /** Returns what is missing; without a repository, apply creates one or names what is wrong with it. */
    Optional<Lack> lack(String cluster, String folder, RepositoryState repository, Instant now) {
        List<BaseBackup> copies = repository.copies();
        if (!repository.trouble().isEmpty()) {
            return Optional.of(BackupSchedule.unknown(
                    cluster,
                    folder,
                    repository.trouble(),
                    "make a host of " + cluster + " answer that reaches the directory"));
        }
        if (repository.system().isEmpty()) {
            return Optional.empty();
        }
        if (copies.isEmpty()) {
            return Optional.of(BackupSchedule.missing(
                    cluster, folder, Optional.of(Duration.between(created(repository.system()), now)), interval()));
        }
        Instant newest = copies.get(copies.size() - 1).started();
        String make = "holdfast backup run " + cluster;
        return late(copies, now)
                .map(d -> BackupSchedule.overdue(cluster, newest, d.because(), make))
                .or(() -> isKeptTooLong(newest, now)
                        ? Optional.of(BackupSchedule.overdue(
                                cluster, newest, "the backup is older than keep", make + " --kind full"))
                        : Optional.empty());
    }

    /** PostgreSQL puts the time of initdb, in seconds since 1970, into the upper half of the system identifier. */
    private static Instant created(String system) {
        return Instant.ofEpochSecond(Long.parseUnsignedLong(system) >>> Integer.SIZE);
    }

    private Optional<Duration> interval() {
        return Stream.of(repository.full(), repository.differential(), repository.incremental())
                .flatMap(Optional::stream)
                .min(Duration::compareTo)
                .or(repository::keep);
    }

    /** Without a declared interval, the retention is the limit. */
    private boolean isKeptTooLong(Instant newest, Instant now) {
        boolean isScheduled = repository.full().isPresent()
                || repository.differential().isPresent()
                || repository.incremental().isPresent();
        return !isScheduled
                && repository.keep().filter(k -> newest.plus(k).isBefore(now)).isPresent();
    }

    private Optional<Due> late(List<BaseBackup> copies, Instant now) {
        return due(copies, now.minus(SLACK.multipliedBy(2)), false);
    }

    /** Returns a sentence when a base backup is late by more than the slack. */
    Optional<String> overdue(List<BaseBackup> copies, Instant now) {
        if (copies.isEmpty()) {
            return Optional.empty();
        }
        return late(copies, now)
                .map(d -> "a base backup is overdue: " + d.because() + "; holdfast backup run makes it");
    }
}
