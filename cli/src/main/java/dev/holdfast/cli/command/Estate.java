package dev.holdfast.cli.command;

import dev.holdfast.Catalogue;
import dev.holdfast.cli.files.TopologyFile;
import dev.holdfast.drill.Drill;
import dev.holdfast.engine.Engine;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Together;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Store;
import dev.holdfast.world.Observed;
import dev.holdfast.world.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A valid topology with the engines of its clusters.
 *
 * @param dictionaries what is to be stored, by cluster, of those clusters that name schema files
 * @param ownDrills those of the drill files beside it
 */
record Estate(Topology topology, Map<String, Dictionary> dictionaries, List<Drill> ownDrills) {

    /** @throws Trouble TOPOLOGY_WRONG with every problem of the file */
    static Estate load(CommonOptions options, Desk desk) {
        return load(options.file, options, desk);
    }

    /** @throws Trouble TOPOLOGY_WRONG with every problem of the file */
    static Estate load(Path file, CommonOptions options, Desk desk) {
        TopologyFile.Loaded loaded = desk.load(file, options.vars);
        List<Problem> errors =
                loaded.problems().stream().filter(Problem::isError).toList();
        if (!errors.isEmpty() || loaded.topology().isEmpty()) {
            String all = errors.stream().map(Problem::toString).collect(Collectors.joining("\n"));
            throw new Trouble(
                    Exit.TOPOLOGY_WRONG,
                    file.toString(),
                    errors.size() + (errors.size() == 1 ? " problem\n" : " problems\n") + all,
                    "holdfast validate -f " + file + " also shows advice");
        }
        return new Estate(loaded.topology().get(), loaded.dictionaries(), loaded.drills());
    }

    /** The built-in ones, then the estate's own. */
    List<Drill> drills() {
        return Stream.concat(Catalogue.drills().stream(), ownDrills.stream()).toList();
    }

    static Engine engine(Cluster cluster) {
        return Catalogue.engine(cluster.engine());
    }

    /** Every cluster's servers and then, where schema files are named, what is to be stored in them. */
    List<Runbook<?>> provision() {
        return topology.clusters().stream().<Runbook<?>>map(this::provision).toList();
    }

    private Runbook<?> provision(Cluster cluster) {
        Runbook<?> servers = engine(cluster).provision(topology, cluster);
        Dictionary dictionary = dictionary(cluster);
        return dictionary.isEmpty()
                ? servers
                : Together.of(servers, store(cluster).schema(topology, cluster, dictionary, Set.of()));
    }

    /** What a cluster is to store; empty when it names no schema file, or none of its entities is for this engine. */
    Dictionary dictionary(Cluster cluster) {
        return dictionaries.getOrDefault(cluster.name(), Dictionary.EMPTY).storedIn(cluster.engine());
    }

    static Store store(Cluster cluster) {
        return Catalogue.store(cluster.engine());
    }

    /** What clients must know to connect to a cluster and to write with the declared safety; holds no secret. */
    Map<String, Object> profile(Cluster cluster) {
        return store(cluster).profile(topology, cluster, dictionary(cluster));
    }

    List<Runbook<?>> destroy() {
        return topology.clusters().stream()
                .<Runbook<?>>map(c -> engine(c).destroy(topology, c))
                .toList();
    }

    /** The plans of all clusters, observed side by side. */
    static List<Runbook.Planned> plan(List<Runbook<?>> books, World world) {
        return world
                .sideBySide(books.stream()
                        .<Supplier<List<Runbook.Planned>>>map(b -> () -> b.plan(world))
                        .toList())
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /** What one cluster's nodes said. */
    record Seen(Cluster cluster, Observed observed) {}

    List<Seen> look(World world) {
        return world.sideBySide(topology.clusters().stream()
                .<Supplier<Seen>>map(c -> () -> new Seen(c, engine(c).look(world, topology, c)))
                .toList());
    }
}
