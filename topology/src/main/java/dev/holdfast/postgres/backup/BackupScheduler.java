package dev.holdfast.postgres.backup;

import dev.holdfast.postgres.topology.BackupRepository;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

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

    /** Returns a sentence when a base backup is late by more than half of the declared interval. */
    Optional<String> overdue(List<BaseBackup> copies, Instant now) {
        if (copies.isEmpty()) {
            return Optional.empty();
        }
        return due(copies, now.minus(SLACK.multipliedBy(2)), false)
                .map(d -> "a base backup is overdue: " + d.because() + "; holdfast backup run makes it");
    }
}
