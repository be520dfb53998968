package dev.holdfast.cli.command;

import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.config.Suggestion;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import dev.holdfast.schema.DestructiveChange;
import dev.holdfast.schema.Dictionary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The runbooks of the data dictionaries of several clusters, and their plans. */
final class SchemaPlanning {

    private SchemaPlanning() {}

    /**
     * Returns the runbooks that create what is missing.
     *
     * @param allowed the drifts that may be removed
     */
    static List<Runbook<?>> of(LoadedEstate estate, List<Cluster> clusters, Set<String> allowed) {
        Topology topology = estate.topology();
        return clusters.stream()
                .<Runbook<?>>map(c -> LoadedEstate.store(c).schema(topology, c, estate.dictionary(c), allowed))
                .toList();
    }

    static List<Runbook<?>> purges(LoadedEstate estate, List<Cluster> clusters) {
        return clusters.stream()
                .<Runbook<?>>map(c -> LoadedEstate.store(c).purge(estate.topology(), c, estate.dictionary(c)))
                .toList();
    }

    /** @throws HoldfastException UNREACHABLE when a cluster's catalog cannot be read */
    static List<Runbook.Planned> planned(List<Runbook<?>> runbooks, ExecutionContext context) {
        return context
                .sideBySide(runbooks.stream()
                        .<Supplier<List<Runbook.Planned>>>map(b -> () -> planned(b, context))
                        .toList())
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private static <S extends ClusterState> List<Runbook.Planned> planned(
            Runbook<S> runbook, ExecutionContext context) {
        S state = runbook.look().apply(context);
        if (!state.problems().isEmpty()) {
            throw new HoldfastException(
                    ExitCode.UNREACHABLE,
                    runbook.cluster(),
                    String.join("; ", state.problems()),
                    "holdfast status; holdfast apply creates a cluster that does not exist yet");
        }
        return runbook.plan(state);
    }

    /** @throws HoldfastException USAGE when --allow names a drift that does not exist */
    static void knownDrifts(
            LoadedEstate estate, List<Cluster> clusters, Set<String> allowed, ExecutionContext context) {
        if (allowed.isEmpty()) {
            return;
        }
        List<String> names = planned(of(estate, clusters, Set.of()), context).stream()
                .flatMap(p -> p.plan().notes().stream())
                .flatMap(n -> DestructiveChange.nameIn(n).stream())
                .toList();
        for (String name : allowed) {
            if (!names.contains(name)) {
                throw new HoldfastException(
                        ExitCode.USAGE,
                        "--allow=" + name,
                        "no drift has this name. Nothing was changed",
                        names.isEmpty()
                                ? "there is no drift"
                                : Suggestion.hint(name, names, "the names of the drifts are: "));
            }
        }
    }

    static Dictionary joined(LoadedEstate estate, List<Cluster> clusters) {
        List<Dictionary> all = clusters.stream().map(estate::dictionary).toList();
        return new Dictionary(
                flat(all, d -> d.entities().stream()).stream().distinct().toList(),
                all.stream().findFirst().map(Dictionary::zones).orElse(Map.of()));
    }

    private static <T> List<T> flat(List<Dictionary> all, Function<Dictionary, Stream<T>> part) {
        List<T> flat = new ArrayList<>();
        all.forEach(d -> part.apply(d).forEach(flat::add));
        return flat;
    }
}
