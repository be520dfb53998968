package dev.holdfast.mongodb.backup;

import dev.holdfast.backup.BackupSchedule;
import dev.holdfast.backup.BackupSchedule.Lack;
import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.topology.BackupRepository;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Runbook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        Function<ExecutionContext, ArchiverSupervision> look = context -> new ArchiverSupervision(
                cluster.name(),
                cluster.objectives().rpo(),
                RepositoryState.look(context, repository, sets),
                context.now());
        return BackupSchedule.runbook(
                cluster.name(),
                context -> sets.stream().allMatch(s -> hasPrimary(hellos(context, s)))
                        ? compared(look.apply(context), () -> ArchiverUnit.look(context, topology), look)
                        : again(context, topology, cluster, look));
    }

    /**
     * Asks the sets a second time, and the hosts whether their servers run. The first query may have failed because of high
     * load; without an answer an overdue base backup would not be named. A server that its host reports as stopped is no
     * primary.
     */
    private static BackupSchedule again(
            ExecutionContext context,
            Topology topology,
            MongoCluster cluster,
            Function<ExecutionContext, ArchiverSupervision> look) {
        Map<Node, MongoDocument> hellos = new LinkedHashMap<>();
        List<MongoSet> without = new ArrayList<>();
        for (MongoSet set : cluster.allSets()) {
            Map<Node, MongoDocument> answers = hellos(context, set);
            hellos.putAll(answers);
            if (!hasPrimary(answers)) {
                without.add(set);
            }
        }
        if (without.isEmpty()) {
            return compared(look.apply(context), () -> ArchiverUnit.look(context, topology), look);
        }
        List<Node> silent = without.stream()
                .flatMap(s -> s.nodes().stream())
                .filter(n -> hellos.get(n).isEmpty())
                .toList();
        Map<Node, HostFacts> hosts =
                HostFacts.look(context, topology.name(), silent, ServerProcess::pidFile, List.of());
        List<String> unknown = silent.stream()
                .filter(n -> !hosts.get(n).isDown())
                .map(n -> n.group() + "/" + n.name())
                .toList();
        return new BackupSchedule(
                context.now(),
                unknown.isEmpty() ? List.of() : List.of(BackupSchedule.notCompared(cluster.name(), unknown)),
                List.of(),
                List.of());
    }

    private static Map<Node, MongoDocument> hellos(ExecutionContext context, MongoSet set) {
        List<MongoDocument> answers = ServerQueries.hellos(context, set.nodes());
        Map<Node, MongoDocument> hellos = new LinkedHashMap<>();
        for (int i = 0; i < answers.size(); i++) {
            hellos.put(set.nodes().get(i), answers.get(i));
        }
        return hellos;
    }

    private static boolean hasPrimary(Map<Node, MongoDocument> hellos) {
        return hellos.values().stream().anyMatch(h -> h.is("isWritablePrimary"));
    }

    private static BackupSchedule compared(
            ArchiverSupervision state,
            Supplier<ArchiverUnit> units,
            Function<ExecutionContext, ArchiverSupervision> look) {
        List<Lack> lacks = new ArrayList<>(
                lack(state.cluster(), state.repository(), state.now()).stream().toList());
        if (!state.hasEnded()) {
            return new BackupSchedule(state.now(), lacks, List.of(), state.measured());
        }
        ArchiverUnit unit = units.get();
        lacks.addAll(state.lacks(unit));
        return new BackupSchedule(state.now(), lacks, state.steps(unit, look), state.measured());
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
