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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The base backups of a cluster, compared with its declared schedule.
 *
 * @param lack the base backup that is missing or overdue, and the command that makes it; empty also when no primary answers
 */
public record BackupSchedule(Instant at, Optional<Refusal> lack) implements ClusterState {

    /** Returns a runbook without steps: apply makes no base backup, and a missing one does not make apply fail. */
    public static Runbook<BackupSchedule> runbook(
            String cluster, Function<ExecutionContext, Optional<Refusal>> schedule) {
        return new Runbook<>(
                cluster,
                "compare the base backups of " + cluster + " with their schedule",
                context -> new BackupSchedule(context.now(), schedule.apply(context)),
                List.of(new Stage<>(
                        "base backups", state -> Plan.open(state.lack().stream().toList()))));
    }

    /** @param repository the location where base backups are missing */
    public static Refusal missing(String cluster, String repository) {
        return lack(
                cluster,
                "no base backup is in " + repository + ", so nothing can be restored yet",
                "holdfast backup run " + cluster);
    }

    public static Refusal overdue(String cluster, Instant newest, String because, String hint) {
        return lack(cluster, "a base backup is overdue: the newest began at " + newest + ", and " + because, hint);
    }

    public static Refusal unknown(String cluster, String repository, String why, String hint) {
        return lack(
                cluster,
                "its base backups are unknown, because the repository " + repository + " cannot be read: " + why,
                hint);
    }

    private static Refusal lack(String cluster, String what, String hint) {
        return new Refusal(cluster, what, hint, ExitCode.DONE);
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
