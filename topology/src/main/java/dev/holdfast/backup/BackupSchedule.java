package dev.holdfast.backup;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The base backups of a cluster, compared with its declared schedule.
 *
 * @param lack the base backup that is missing or overdue; empty also when no primary answers
 */
public record BackupSchedule(Instant at, Optional<Lack> lack) implements ClusterState {

    /**
     * A missing base backup, with the command that makes it.
     *
     * @param isDue false for a new cluster, as long as the first interval of its schedule has not passed; {@code plan} notes it
     *     then, and it is no difference
     */
    public record Lack(Refusal refusal, boolean isDue) {}

    /** The interval of a cluster that declares neither an interval nor a retention. */
    private static final Duration DAY = Duration.ofDays(1);

    /** Returns a runbook without steps: apply makes no base backup, and a missing one does not make apply fail. */
    public static Runbook<BackupSchedule> runbook(String cluster, Function<ExecutionContext, Optional<Lack>> schedule) {
        return new Runbook<>(
                cluster,
                "compare the base backups of " + cluster + " with their schedule",
                context -> new BackupSchedule(context.now(), schedule.apply(context)),
                List.of(new Stage<>(
                        "base backups",
                        state -> state.lack().map(BackupSchedule::plan).orElse(Plan.NOTHING))));
    }

    private static Plan plan(Lack lack) {
        Refusal refusal = lack.refusal();
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

    public static Lack unknown(String cluster, String repository, String why, String hint) {
        return lack(
                cluster,
                "its base backups are unknown, because the repository " + repository + " cannot be read: " + why,
                hint);
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
