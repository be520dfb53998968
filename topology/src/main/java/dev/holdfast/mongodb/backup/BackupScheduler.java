package dev.holdfast.mongodb.backup;

import dev.holdfast.backup.BackupSchedule;
import dev.holdfast.backup.BackupSchedule.Lack;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.topology.BackupRepository;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.plan.Runbook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Compares the backups of a cluster with the declared schedule. */
public final class BackupScheduler {

    /** A nightly base backup starts a few minutes earlier or later each night, and takes a while. */
    private static final Duration SLACK = Duration.ofHours(1);

    private BackupScheduler() {}

    /** Returns a runbook that starts a stopped archiver; see {@link BackupSchedule}. */
    public static Runbook<BackupSchedule> runbook(Topology topology, MongoCluster cluster) {
        BackupRepository repository = BackupRepository.of(topology, cluster);
        List<MongoSet> sets = cluster.allSets();
        Function<ExecutionContext, ArchiverSchedule> look = context -> new ArchiverSchedule(
                cluster.name(),
                cluster.objectives().rpo(),
                RepositoryState.look(context, repository, sets),
                context.now());
        return BackupSchedule.runbook(
                cluster.name(),
                context -> isServed(context, sets)
                        ? compared(look.apply(context), () -> ArchiverUnit.look(context, topology), look)
                        : new BackupSchedule(context.now(), List.of(), List.of(), List.of()));
    }

    private static BackupSchedule compared(
            ArchiverSchedule state, Supplier<ArchiverUnit> units, Function<ExecutionContext, ArchiverSchedule> look) {
        List<Lack> lacks = new ArrayList<>(
                lack(state.cluster(), state.repository(), state.now()).stream().toList());
        if (!state.hasEnded()) {
            return new BackupSchedule(state.now(), lacks, List.of(), state.measured());
        }
        ArchiverUnit unit = units.get();
        lacks.addAll(state.lacks(unit));
        return new BackupSchedule(state.now(), lacks, state.steps(unit, look), state.measured());
    }

    /** Returns whether every set has a primary, so that a base backup could be made. */
    private static boolean isServed(ExecutionContext context, List<MongoSet> sets) {
        return sets.stream()
                .allMatch(s ->
                        ServerQueries.hellos(context, s.nodes()).stream().anyMatch(h -> h.is("isWritablePrimary")));
    }

    static Optional<Lack> lack(String cluster, RepositoryState state, Instant now) {
        BackupRepository repository = state.repository();
        if (!state.trouble().isEmpty()) {
            return Optional.of(BackupSchedule.unknown(
                    cluster, repository.path(), state.trouble(), "mount the repository on this host"));
        }
        List<String> labels = state.labels();
        if (labels.isEmpty()) {
            return Optional.of(BackupSchedule.missing(
                    cluster,
                    repository.path(),
                    archivedSince(state).map(s -> Duration.between(s, now)),
                    repository.base().or(repository::keep)));
        }
        Instant newest = state.newest().orElseThrow();
        boolean isScheduled = repository.base().isPresent();
        return repository
                .base()
                .map(b -> b.plus(SLACK))
                .or(repository::keep)
                .filter(limit -> newest.plus(limit).isBefore(now))
                .map(limit -> BackupSchedule.overdue(
                        cluster,
                        newest,
                        isScheduled ? "the declared interval has passed" : "the backup is older than keep",
                        "holdfast backup run " + cluster));
    }

    /** Returns the begin of the archive, which begins with the cluster; empty when nothing is archived yet. */
    private static Optional<Instant> archivedSince(RepositoryState state) {
        return state.inventories().stream()
                .flatMap(i -> i.chains().stream())
                .map(c -> c.first().instant())
                .min(Instant::compareTo);
    }
}
