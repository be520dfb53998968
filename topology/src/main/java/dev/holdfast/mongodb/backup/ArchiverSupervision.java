package dev.holdfast.mongodb.backup;

import dev.holdfast.backup.BackupSchedule;
import dev.holdfast.backup.BackupSchedule.Lack;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Measure;
import dev.holdfast.execution.Measurement;
import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.backup.ReplicaSetInventory.Archived;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The supervision of a MongoDB cluster's oplog archiver: reports when the archive is too old, and plans the start of a stopped
 * archiver.
 *
 * <p>An archiver reports every few seconds. Without a report the archive has ended: it is a difference, and apply starts the
 * archiver's systemd unit where one is installed.
 *
 * @param rpo the declared RPO; a longer gap misses it
 */
record ArchiverSupervision(String cluster, Optional<Duration> rpo, RepositoryState repository, Instant now) {

    private static final Duration START = Duration.ofSeconds(60);

    /** Returns whether the archive of any set has ended, or has never begun although base backups exist. */
    boolean hasEnded() {
        return !ended().isEmpty();
    }

    private List<ReplicaSetInventory> ended() {
        return repository.inventories().stream().filter(this::isEnded).toList();
    }

    private boolean isEnded(ReplicaSetInventory set) {
        return set.archived()
                .map(a -> a.when().plus(ReplicaSetInventory.SILENT).isBefore(now))
                .orElse(!repository.labels().isEmpty());
    }

    /** Returns what is measured of the repository. A set that was never archived has no lag. */
    List<Measurement> measured() {
        List<Measurement> all = new ArrayList<>(BackupSchedule.measured(repository.newest(), repository.proven()));
        repository
                .inventories()
                .forEach(i -> i.archived()
                        .map(a -> Duration.between(a.stamp().instant(), now).toMillis() / 1000.0)
                        .ifPresent(
                                lag -> all.add(Measurement.ofGroup(Measure.ARCHIVE_LAG, i.set(), Math.max(0, lag)))));
        return all;
    }

    List<Lack> lacks(ArchiverUnit unit) {
        boolean isLate = rpo.filter(limit -> !limit.isZero() && age().compareTo(limit) > 0)
                .isPresent();
        ExitCode exit = isLate ? ExitCode.OBJECTIVE_MISSED : ExitCode.INCOMPLETE;
        // a step says the same, but no step can say that an objective is missed
        return unit.isStopped() && !isLate
                ? List.of()
                : List.of(new Lack(new Refusal(cluster, description(), hint(unit), exit), true));
    }

    /** Returns the step that starts the archiver; none without a stopped unit on this machine. */
    List<Step> steps(ArchiverUnit unit, Function<ExecutionContext, ArchiverSupervision> look) {
        Condition reports = new Condition("the archives of all sets are written", context -> {
            ArchiverSupervision then = look.apply(context);
            return new ProbeResult(!then.hasEnded(), then.hasEnded() ? then.description() : "the archives are written");
        });
        return unit.isStopped()
                ? List.of(Step.on(cluster, "Start " + unit.name())
                        .because(description() + "; the unit is " + unit.state())
                        .type(unit.start())
                        .until(reports, START))
                : List.of();
    }

    private String description() {
        String sets = ended().stream().map(ReplicaSetInventory::set).collect(Collectors.joining(", "));
        Optional<Instant> last = ended().stream()
                .map(ReplicaSetInventory::archived)
                .flatMap(Optional::stream)
                .map(Archived::when)
                .min(Instant::compareTo);
        return "the oplog of " + sets
                + last.map(l -> " has not been archived since " + l.truncatedTo(ChronoUnit.SECONDS))
                        .orElse(" has never been archived, so no base backup can be restored");
    }

    private String hint(ArchiverUnit unit) {
        if (unit.isStopped()) {
            return "holdfast apply starts " + unit.name();
        }
        return unit.isInstalled()
                ? "journalctl -u " + unit.name() + " names the reason; the unit is " + unit.state()
                : "holdfast backup archive starts the archiver; holdfast backup archive --unit prints a systemd unit"
                        + " that keeps it running";
    }

    /** Returns the age of the earliest end of an archive, or of the first base backup where an archive never began. */
    private Duration age() {
        Instant backedUp = repository.inventories().stream()
                .flatMap(i -> i.copies().stream())
                .map(MemberBackup::started)
                .min(Instant::compareTo)
                .orElse(now);
        return ended().stream()
                .map(i -> i.archived().map(a -> a.stamp().instant()).orElse(backedUp))
                .min(Instant::compareTo)
                .map(end -> Duration.between(end, now))
                .orElse(Duration.ZERO);
    }
}
