package dev.holdfast.cli.run;

import dev.holdfast.BuiltIns;
import dev.holdfast.backup.BackupSchedule;
import dev.holdfast.cli.files.TopologyFile;
import dev.holdfast.drill.Drill;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.MaintenanceMode;
import dev.holdfast.engine.UndeclaredServers;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.Measurement;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.CombinedState;
import dev.holdfast.plan.Runbook;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.SchemaProvider;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A valid topology with the engines of its clusters.
 *
 * @param dictionaries the declared schema of each cluster that names schema files
 * @param ownDrills the drills of the drill files next to the topology file
 * @param deprecations the former words in these files
 */
public record LoadedEstate(
        Topology topology, Map<String, Dictionary> dictionaries, List<Drill> ownDrills, List<Problem> deprecations) {

    /** @throws HoldfastException TOPOLOGY_WRONG with every error of the file */
    public static LoadedEstate load(CommonOptions options, CliContext cliContext) {
        return of(options.file, cliContext.load(options.file, options.vars).mustUse(options.vars));
    }

    /**
     * Loads another file than that of {@code --file}, which need not use every {@code --var}.
     *
     * @throws HoldfastException TOPOLOGY_WRONG with every error of the file
     */
    public static LoadedEstate load(Path file, CommonOptions options, CliContext cliContext) {
        return of(file, cliContext.load(file, options.vars));
    }

    private static LoadedEstate of(Path file, TopologyFile.Loaded loaded) {
        List<Problem> errors =
                loaded.problems().stream().filter(Problem::isError).toList();
        if (!errors.isEmpty() || loaded.topology().isEmpty()) {
            String all = errors.stream().map(Problem::toString).collect(Collectors.joining("\n"));
            throw new HoldfastException(
                    ExitCode.TOPOLOGY_WRONG,
                    file.toString(),
                    errors.size() + (errors.size() == 1 ? " problem\n" : " problems\n") + all,
                    "holdfast validate -f " + file + " also shows advice");
        }
        return new LoadedEstate(
                loaded.topology().get(),
                loaded.dictionaries(),
                loaded.drills(),
                loaded.problems().stream().filter(Problem::isDeprecation).toList());
    }

    /** Returns the built-in drills, then the estate's own. */
    public List<Drill> drills() {
        return Stream.concat(BuiltIns.drills().stream(), ownDrills.stream()).toList();
    }

    public static Engine engine(Cluster cluster) {
        return BuiltIns.engine(cluster.engine());
    }

    /** Returns the runbooks of all servers and then, where schema files are named, of what they store. */
    public List<Runbook<?>> provision() {
        return topology.clusters().stream().<Runbook<?>>map(this::provision).toList();
    }

    private Runbook<?> provision(Cluster cluster) {
        Engine engine = engine(cluster);
        Runbook<?> servers = UndeclaredServers.after(
                engine.provision(topology, cluster), topology, cluster, engine.plansUndeclaredServers());
        Dictionary dictionary = dictionary(cluster);
        Runbook<?> stored = dictionary.isEmpty()
                ? servers
                : CombinedState.of(servers, store(cluster).schema(topology, cluster, dictionary, Set.of()));
        return cluster.precaution().isEmpty() ? stored : CombinedState.of(stored, schedule(cluster));
    }

    private Runbook<BackupSchedule> schedule(Cluster cluster) {
        return BuiltIns.backupProvider(cluster).schedule(topology, cluster);
    }

    /** Returns the declared schema of a cluster; empty when it names no schema file, or when no entity is for its engine. */
    public Dictionary dictionary(Cluster cluster) {
        return dictionaries.getOrDefault(cluster.name(), Dictionary.EMPTY).storedIn(cluster.engine());
    }

    public static SchemaProvider store(Cluster cluster) {
        return BuiltIns.store(cluster.engine());
    }

    /** Returns what clients need to connect to a cluster and to write with the declared safety; contains no secret. */
    public Map<String, Object> profile(Cluster cluster) {
        return store(cluster).profile(topology, cluster, dictionary(cluster));
    }

    public List<Runbook<?>> destroy() {
        return topology.clusters().stream()
                .<Runbook<?>>map(c -> engine(c).destroy(topology, c))
                .toList();
    }

    /** Returns the plans of all clusters, observed in parallel. */
    public static List<Runbook.Planned> plan(List<Runbook<?>> runbooks, ExecutionContext context) {
        return context
                .sideBySide(runbooks.stream()
                        .<Supplier<List<Runbook.Planned>>>map(b -> () -> b.plan(context))
                        .toList())
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /**
     * The observed state of one cluster's nodes, and its differences from the desired state.
     *
     * @param measurements what was measured for monitoring, of servers and backups
     */
    public record ObservedCluster(Cluster cluster, PlanComparison observed, List<Measurement> measurements) {}

    /**
     * One observation of the whole estate, as {@code status} and {@code metrics} show it.
     *
     * @param maintained the clusters in maintenance, as far as hosts answer
     */
    public record Observation(Instant at, List<ObservedCluster> clusters, List<MaintenanceMode> maintained) {

        public Stream<NodeStatus> nodes() {
            return clusters.stream().flatMap(c -> c.observed().nodes().stream());
        }

        public boolean isHealthy() {
            return clusters.stream().allMatch(c -> c.observed().problems().isEmpty());
        }

        /** Returns whether a node or host does not answer, so that the observation is incomplete. */
        public boolean isPartlyUnreached() {
            return nodes().anyMatch(o -> o.state() == NodeAvailability.SILENT)
                    || clusters.stream().anyMatch(c -> c.observed().isPartlyUnreached());
        }
    }

    /** Observes everything in parallel, with a deadline for each answer; changes nothing. */
    public Observation observe(ExecutionContext context) {
        Instant at = context.now();
        List<ObservedCluster> state = new ArrayList<>();
        List<MaintenanceMode> maintained = new ArrayList<>();
        context.sideBySide(List.<Supplier<Boolean>>of(
                () -> state.addAll(look(context)),
                () -> maintained.addAll(MaintenanceMode.look(context, topology.clusters()))));
        return new Observation(at, List.copyOf(state), List.copyOf(maintained));
    }

    private List<ObservedCluster> look(ExecutionContext context) {
        return context.sideBySide(topology.clusters().stream()
                .<Supplier<ObservedCluster>>map(
                        c -> () -> look(context, c, engine(c).provision(topology, c)))
                .toList());
    }

    /** Compares schema and backups only where the servers serve. In an outage no command waits for answers about them. */
    private <S extends ClusterState> ObservedCluster look(
            ExecutionContext context, Cluster cluster, Runbook<S> servers) {
        S state = servers.look().apply(context);
        List<Runbook.Planned> plans = new ArrayList<>(servers.plan(state));
        Dictionary dictionary = dictionary(cluster);
        boolean serves = state.findings().stream().noneMatch(HealthProblem::isGrave)
                && state.nodes().stream().anyMatch(n -> n.state() == NodeAvailability.UP);
        if (serves && !dictionary.isEmpty()) {
            plans.addAll(store(cluster)
                    .schema(topology, cluster, dictionary, Set.of())
                    .plan(context));
        }
        List<Measurement> measurements = new ArrayList<>();
        if (serves && cluster.precaution().isPresent()) {
            Runbook<BackupSchedule> schedule = schedule(cluster);
            BackupSchedule backups = schedule.look().apply(context);
            plans.addAll(schedule.plan(backups));
            measurements.addAll(backups.measurements());
        }
        PlanComparison compared = new PlanComparison(engine(cluster).widen(context, state), plans);
        measurements.addAll(0, compared.measurements());
        return new ObservedCluster(cluster, compared, List.copyOf(measurements));
    }
}
