package dev.holdfast.postgres.backup;

import dev.holdfast.postgres.topology.BackupRepository;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which kind of base copy the declared schedule asks for. */
public final class BackupScheduler {

    /** A copy that is begun every night is begun a few minutes earlier or later. */
    private static final Duration SLACK = Duration.ofMinutes(30);

    private final BackupRepository repository;

    BackupScheduler(BackupRepository repository) {
        this.repository = repository;
    }

    /** What is due, and why. */
    public record Due(String kind, String because) {}

    Optional<Due> due(List<BaseBackup> copies, Instant now, boolean isStale) {
        if (copies.isEmpty()) {
            return Optional.of(new Due("full", "there is none yet"));
        }
        if (isOver(copies, BaseBackup::isFull, repository.full(), now)) {
            return Optional.of(new Due("full", "the last full one is older than declared"));
        }
        if (isOver(copies, c -> !c.kind().equals("incr"), repository.differential(), now)) {
            return Optional.of(new Due("diff", "the last differential one is older than declared"));
        }
        if (isOver(copies, c -> true, repository.incremental(), now)) {
            return Optional.of(new Due("incr", "the last incremental one is older than declared"));
        }
        return isStale ? Optional.of(new Due("incr", "somebody was promoted since the last one")) : Optional.empty();
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

    /** A sentence when a copy is late by more than half of what is declared. */
    Optional<String> overdue(List<BaseBackup> copies, Instant now) {
        if (copies.isEmpty()) {
            return Optional.empty();
        }
        return due(copies, now.minus(SLACK.multipliedBy(2)), false)
                .map(d -> "a base copy is overdue: " + d.because() + "; holdfast backup run makes it");
    }
}
