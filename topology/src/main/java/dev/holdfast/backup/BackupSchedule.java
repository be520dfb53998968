package dev.holdfast.backup;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.Measure;
import dev.holdfast.execution.Measurement;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The backups of a cluster, compared with what it declares.
 *
 * @param lacks the base backup that is missing or overdue, and an archive that has stopped
 * @param steps what apply can do about them
 * @param measurements of the repository; empty when it was not read
 */
public record BackupSchedule(Instant at, List<Lack> lacks, List<Step> steps, List<Measurement> measurements)
        implements ClusterState {

    /**
     * A missing part of the backups, with the command that makes it.
     *
     * @param refusal with the exit code UNREACHABLE where the backups were not compared
     * @param isDue false for a new cluster, as long as the first interval of its schedule has not passed; {@code plan} notes it
     *     then, and it is no difference
     */
    public record Lack(Refusal refusal, boolean isDue) {}

    /** The interval of a cluster that declares neither an interval nor a retention. */
    private static final Duration DAY = Duration.ofDays(1);

    public BackupSchedule {
        lacks = List.copyOf(lacks);
        steps = List.copyOf(steps);
        measurements = List.copyOf(measurements);
    }

    /** Returns what is measured of a repository. */
    public static List<Measurement> measured(Optional<Instant> newest, Optional<Instant> proven) {
        return Stream.concat(
                        newest.map(n -> Measurement.ofCluster(Measure.BACKUP_STARTED, n.getEpochSecond())).stream(),
                        proven.map(p -> Measurement.ofCluster(Measure.RESTORE_VERIFIED, p.getEpochSecond())).stream())
                .toList();
    }

    /** Returns a runbook that makes no base backup; a missing one does not make apply fail. */
    public static Runbook<BackupSchedule> runbook(String cluster, Function<ExecutionContext, BackupSchedule> schedule) {
        return new Runbook<>(
                cluster,
                "compare the backups of " + cluster + " with their declaration",
                schedule,
                List.of(new Stage<>("backups", BackupSchedule::plan)));
    }

    private Plan plan() {
        return lacks.stream().map(BackupSchedule::plan).reduce(Plan.of(steps), Plan::and);
    }

    private static Plan plan(Lack lack) {
        Refusal refusal = lack.refusal();
        if (refusal.exit() == ExitCode.UNREACHABLE) {
            return Plan.missing(List.of(refusal));
        }
        return lack.isDue()
                ? Plan.open(List.of(refusal))
                : new Plan(
                        List.of(),
                        List.of(),
                        List.of(refusal.where() + ": " + refusal.what() + "; " + refusal.hint()
                                + " makes the first one"));
    }

    /**
     * @param repository the location where base backups are missing
     * @param age of the cluster; empty when it is unknown, because nothing is archived yet
     * @param interval the shortest declared one, else the retention
     */
    public static Lack missing(String cluster, String repository, Optional<Duration> age, Optional<Duration> interval) {
        boolean isDue = age.filter(a -> a.compareTo(interval.orElse(DAY)) > 0).isPresent();
        Lack lack = lack(
                cluster,
                "no base backup is in " + repository + ", so nothing can be restored yet",
                "holdfast backup run " + cluster);
        return new Lack(lack.refusal(), isDue);
    }

    public static Lack overdue(String cluster, Instant newest, String because, String hint) {
        return lack(cluster, "a base backup is overdue: the newest began at " + newest + ", and " + because, hint);
    }

    /** @param why the reason, with a hint of its own when a secret is not known here; {@code hint} is for any other reason */
    public static Lack unknown(String cluster, String repository, String why, String hint) {
        ActionResult answer = ActionResult.refused(ActionResult.NO_SECRET, why);
        return lack(
                cluster,
                "the base backups are unknown, because the repository " + repository + " cannot be read: "
                        + answer.reason(),
                answer.hint().isEmpty() ? hint : answer.hint());
    }

    /** @param silent the servers that do not answer while no other one is primary */
    public static Lack notCompared(String cluster, List<String> silent) {
        Refusal refusal = new Refusal(
                cluster,
                "the base backups were not compared with the declared schedule, because " + String.join(", ", silent)
                        + (silent.size() == 1 ? " does" : " do") + " not answer and no other member is primary",
                "make the primary answer, then holdfast plan",
                ExitCode.UNREACHABLE);
        return new Lack(refusal, true);
    }

    private static Lack lack(String cluster, String what, String hint) {
        return new Lack(new Refusal(cluster, what, hint, ExitCode.DONE), true);
    }

    @Override
    public List<NodeStatus> nodes() {
        return List.of();
    }

    @Override
    public List<HealthProblem> findings() {
        return List.of();
    }
}
