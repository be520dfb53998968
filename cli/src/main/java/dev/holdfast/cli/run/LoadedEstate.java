package dev.holdfast.cli.run;

import dev.holdfast.BuiltIns;
import dev.holdfast.cli.files.TopologyFile;
import dev.holdfast.drill.Drill;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.UndeclaredServers;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeAvailability;
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
        Runbook<?> servers = CombinedState.of(
                engine.provision(topology, cluster),
                UndeclaredServers.runbook(topology, cluster, engine.plansUndeclaredServers()));
        Dictionary dictionary = dictionary(cluster);
        Runbook<?> stored = dictionary.isEmpty()
                ? servers
                : CombinedState.of(servers, store(cluster).schema(topology, cluster, dictionary, Set.of()));
        return cluster.precaution().isEmpty() ? stored : CombinedState.of(stored, schedule(cluster));
    }

    private Runbook<?> schedule(Cluster cluster) {
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

    /** Returns the observed state of one cluster's nodes, and its differences from the desired state. */
    public record ObservedCluster(Cluster cluster, PlanComparison observed) {}

    public List<ObservedCluster> look(ExecutionContext context) {
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
        if (serves && cluster.precaution().isPresent()) {
            plans.addAll(schedule(cluster).plan(context));
        }
        return new ObservedCluster(cluster, new PlanComparison(engine(cluster).widen(context, state), plans));
    }
}
