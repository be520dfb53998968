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
import dev.holdfast.plan.Step;
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
 * A copy of every set of a cluster.
 *
 * <ol>
 *   <li>The repository's folder is there, and every host sees the same one.
 *   <li>What a killed run has left locked is unlocked.
 *   <li>The balancer is stopped, and that it was on is written down.
 *   <li>Set after set, so that only one is without its spare: one member is locked, its data copied, the member unlocked.
 *   <li>The balancer is turned on again when it was on.
 *   <li>The archive has passed the end of every copy, when an archiver runs.
 *   <li>What is older than what is to be kept is removed.
 * </ol>
 *
 * Invariants: a member is never left locked: by the step's mend, by its host when the CLI is gone, by the next run; a copy
 * has its name only once it was read back whole.
 */
public final class BackupRunbook {

    private static final DateTimeFormatter LABEL =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Topology topology;
    private final MongoCluster cluster;
    private final BackupRepository repository;
    private final BackupType kind;
    /** When this run first looked: names its copies, and tells them from those of earlier runs. */
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
                    "copies of MongoDB members are always whole",
                    "--kind full; the archive holds what comes after");
        }
        BackupRunbook backup = new BackupRunbook(topology, cluster, kind);
        List<Stage<BackupState>> acts = new ArrayList<>();
        acts.add(new Stage<>("preconditions", backup::refused));
        acts.add(new Stage<>("repository", backup.when(BackupSteps::ready)));
        acts.add(new Stage<>("unlock", state -> backup.copying(state).unlockLeft()));
        acts.add(new Stage<>("balancer", backup.when(BackupSteps::stopBalancer)));
        for (MongoSet set : cluster.allSets()) {
            acts.add(new Stage<>("lock " + set.name(), backup.when(c -> c.lock(set))));
            acts.add(new Stage<>("copy " + set.name(), backup.when(c -> c.copy(set))));
        }
        acts.add(new Stage<>("balancer again", state -> backup.copying(state).startBalancer()));
        acts.add(new Stage<>("archive", state -> backup.archive(state)));
        acts.add(new Stage<>("keep", state -> backup.copying(state).forget()));
        return new Runbook<>(cluster.name(), "Back up " + cluster.name(), backup::look, acts);
    }

    private BackupState look(ExecutionContext context) {
        BackupState state =
                BackupState.look(context, topology, cluster, repository).withGrounds(context);
        began.compareAndSet(null, state.at());
        return state;
    }

    private BackupSteps copying(BackupState state) {
        return new BackupSteps(topology, cluster, repository, state, LABEL.format(began.get()));
    }

    /** Only when a copy is to be made, and not made yet. */
    private Function<BackupState, Plan> when(Function<BackupSteps, Plan> part) {
        return state -> {
            BackupSteps run = copying(state);
            if (state.stock().isWhole(run.label()) || !isDue(state)) {
                return Plan.NOTHING;
            }
            return run.refusals(topology.environment() == Environment.LAB).isEmpty() ? part.apply(run) : Plan.NOTHING;
        };
    }

    private Plan refused(BackupState state) {
        BackupSteps run = copying(state);
        return state.stock().isWhole(run.label()) || !isDue(state)
                ? Plan.NOTHING
                : Plan.refused(run.refusals(topology.environment() == Environment.LAB));
    }

    private boolean isDue(BackupState state) {
        Optional<Duration> every = repository.base();
        List<String> labels = state.stock().labels();
        if (kind == BackupType.FULL || labels.isEmpty()) {
            return true;
        }
        Instant newest = Instant.from(LABEL.parse(labels.get(labels.size() - 1)));
        return every.isEmpty()
                || !newest.plus(every.get()).isAfter(began.get())
                || !state.stale(labels.get(labels.size() - 1)).isEmpty();
    }

    /** The archive reaches what was copied; without an archiver that is only said. */
    private Plan archive(BackupState state) {
        String label = LABEL.format(began.get());
        List<Step> steps = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (ReplicaSetInventory shelf : state.stock().shelves()) {
            Optional<MemberBackup> copy = shelf.copy(label);
            if (copy.isEmpty() || shelf.chain(copy.get().top()).isPresent()) {
                continue;
            }
            boolean runs = shelf.archived()
                    .filter(a -> a.when().plus(BackupCatalog.SILENT).isAfter(state.at()))
                    .isPresent();
            if (runs) {
                steps.add(copying(state).awaitArchive(shelf.set(), copy.get().top()));
            } else {
                notes.add(cluster.name() + "/" + shelf.set()
                        + ": no archiver runs, so only what it copied later can be reached; holdfast backup archive");
            }
        }
        return new Plan(steps, List.of(), notes);
    }
}
