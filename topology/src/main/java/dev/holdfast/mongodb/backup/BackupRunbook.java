package dev.holdfast.mongodb.backup;

import dev.holdfast.backup.BackupType;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Environment;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.topology.BackupRepository;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * The runbook that backs up every set of a cluster.
 *
 * <ol>
 *   <li>The repository's directory exists, and every host has the same one.
 *   <li>Members that a killed run left locked are unlocked.
 *   <li>The balancer is stopped, and a record in the repository says that it was on.
 *   <li>Set after set, so that at most one member is unavailable: one member is locked, copied and unlocked.
 *   <li>The balancer is turned on if it was on.
 *   <li>If an archiver runs, the archive reaches the end of every backup.
 *   <li>Backups and slices outside the retention period are removed.
 * </ol>
 *
 * Invariants: no member stays locked. The step's revert unlocks it, or its host after the CLI has ended, or the next run. A
 * backup gets its name only after it was completely read back.
 */
public final class BackupRunbook {

    private static final DateTimeFormatter LABEL =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Topology topology;
    private final MongoCluster cluster;
    private final BackupRepository repository;
    private final BackupType kind;
    /** The time of this run's first observation, which becomes the label of its backups. */
    private final AtomicReference<Instant> began = new AtomicReference<>();

    private BackupRunbook(Topology topology, MongoCluster cluster, BackupType kind) {
        this.topology = topology;
        this.cluster = cluster;
        this.repository = BackupRepository.of(topology, cluster);
        this.kind = kind;
    }

    public static Runbook<BackupState> of(Topology topology, MongoCluster cluster, BackupType kind) {
        if (kind == BackupType.DIFFERENTIAL || kind == BackupType.INCREMENTAL) {
            throw new HoldfastException(
                    ExitCode.REFUSED,
                    cluster.name(),
                    "backups of MongoDB members are always full",
                    "use --kind full; the oplog archive contains later changes");
        }
        BackupRunbook backup = new BackupRunbook(topology, cluster, kind);
        List<Stage<BackupState>> stages = new ArrayList<>();
        stages.add(new Stage<>("preconditions", backup::refused));
        stages.add(new Stage<>("repository", backup.when(BackupSteps::ready)));
        stages.add(new Stage<>("unlock", state -> backup.copying(state).unlockLeft()));
        stages.add(new Stage<>("balancer", backup.when(BackupSteps::stopBalancer)));
        for (MongoSet set : cluster.allSets()) {
            stages.add(new Stage<>("lock " + set.name(), backup.when(c -> c.lock(set))));
            stages.add(new Stage<>("copy " + set.name(), backup.when(c -> c.copy(set))));
        }
        stages.add(new Stage<>("balancer on", state -> backup.copying(state).startBalancer()));
        stages.add(new Stage<>("archive", state -> backup.copying(state).archived()));
        stages.add(new Stage<>("retention", state -> backup.copying(state).expire()));
        return new Runbook<>(cluster.name(), "Back up " + cluster.name(), backup::look, stages);
    }

    private BackupState look(ExecutionContext context) {
        BackupState state =
                BackupState.look(context, topology, cluster, repository).withHostMounts(context);
        began.compareAndSet(null, state.at());
        return state;
    }

    private BackupSteps copying(BackupState state) {
        return new BackupSteps(topology, cluster, repository, state, LABEL.format(began.get()));
    }

    /** Plans only if a backup is due and not complete yet. */
    private Function<BackupState, Plan> when(Function<BackupSteps, Plan> planner) {
        return state -> {
            BackupSteps run = copying(state);
            if (state.repositoryState().isWhole(run.label()) || !isDue(state)) {
                return Plan.NOTHING;
            }
            return run.refusals(topology.environment() == Environment.LAB).isEmpty()
                    ? planner.apply(run)
                    : Plan.NOTHING;
        };
    }

    private Plan refused(BackupState state) {
        BackupSteps run = copying(state);
        return state.repositoryState().isWhole(run.label()) || !isDue(state)
                ? Plan.NOTHING
                : Plan.refused(run.refusals(topology.environment() == Environment.LAB));
    }

    private boolean isDue(BackupState state) {
        Optional<Duration> every = repository.base();
        List<String> labels = state.repositoryState().labels();
        if (kind == BackupType.FULL || labels.isEmpty()) {
            return true;
        }
        Instant newest = Instant.from(LABEL.parse(labels.get(labels.size() - 1)));
        return every.isEmpty()
                || !newest.plus(every.get()).isAfter(began.get())
                || !state.stale(labels.get(labels.size() - 1)).isEmpty();
    }
}
