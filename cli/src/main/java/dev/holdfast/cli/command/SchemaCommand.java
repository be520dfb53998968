package dev.holdfast.cli.command;

import dev.holdfast.cli.files.AtomicFile;
import dev.holdfast.cli.run.ChangeExecution;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommandOutput;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.Confirmation;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.cli.run.PlanFile;
import dev.holdfast.cli.view.PlanView;
import dev.holdfast.cli.view.RefusalView;
import dev.holdfast.cli.view.ResultData;
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
import dev.holdfast.schema.diagram.MermaidDiagram;
import dev.holdfast.schema.diagram.SvgDiagram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code schema}: compares, creates, draws and exports what a cluster stores according to its data dictionary. */
@Command(
        name = "schema",
        description = {
            "Compare, create and export what the data dictionary declares.",
            "",
            "  plan     compare the dictionary with the catalog, field by field; change nothing",
            "  apply    create what is missing and widen what is too narrow; the rest only with --allow",
            "  purge    delete what is older than its TTL, if the engine does not do so itself",
            "  diagram  draw entities, keys and references as Mermaid or SVG",
            "  export   write DDL for psql, or a script for mongosh",
            ""
        })
public final class SchemaCommand implements Callable<Integer> {

    /** The requested action. */
    public enum Verb {
        plan,
        apply,
        purge,
        diagram,
        export
    }

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Parameters(index = "0", paramLabel = "VERB", description = "plan, apply, purge, diagram or export")
    Verb verb;

    @Parameters(index = "1", arity = "0..1", paramLabel = "CLUSTER", description = "one cluster (default: all)")
    String requested;

    @Option(
            names = "--allow",
            paramLabel = "CHANGE",
            split = ",",
            description =
                    "remove this drift, named as in plan, although the change drops, narrows or rewrites; repeatable")
    Set<String> allowed = new LinkedHashSet<>();

    @Option(names = "--detailed-exitcode", description = "plan: end with 2 when steps are planned, or there is drift")
    boolean detailed;

    @Option(names = "--out", paramLabel = "FILE", description = "diagram, export: write to this file; .svg means SVG")
    Path out;

    @Option(names = "--domain", paramLabel = "DOMAIN", description = "diagram: only this domain")
    String domain;

    public SchemaCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() throws IOException {
        LoadedEstate estate = LoadedEstate.load(options, cliContext);
        List<Cluster> clusters = clusters(estate);
        return switch (verb) {
            case plan -> plan(estate, clusters);
            case apply -> carryOut(estate, "schema apply", books(estate, clusters));
            case purge -> carryOut(estate, "schema purge", purges(estate, clusters));
            case diagram -> diagram(estate, clusters);
            case export -> write(estate, export(estate, clusters));
        };
    }

    private List<Cluster> clusters(LoadedEstate estate) {
        List<Cluster> clusters = estate.topology().clusters().stream()
                .filter(c -> requested == null || c.name().equals(requested))
                .filter(c -> !estate.dictionary(c).isEmpty())
                .toList();
        if (clusters.isEmpty()) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    requested == null ? options.file.toString() : requested,
                    "no cluster of this name has a dictionary",
                    "add the dictionary file as clusters/NAME/schema");
        }
        return clusters;
    }

    private List<Runbook<?>> books(LoadedEstate estate, List<Cluster> clusters) {
        Topology topology = estate.topology();
        return clusters.stream()
                .<Runbook<?>>map(c -> LoadedEstate.store(c).schema(topology, c, estate.dictionary(c), allowed))
                .toList();
    }

    private static List<Runbook<?>> purges(LoadedEstate estate, List<Cluster> clusters) {
        return clusters.stream()
                .<Runbook<?>>map(c -> LoadedEstate.store(c).purge(estate.topology(), c, estate.dictionary(c)))
                .toList();
    }

    private int plan(LoadedEstate estate, List<Cluster> clusters) {
        List<Runbook.Planned> plans;
        try (CliContext.Session session = cliContext.forLooking(estate.topology(), options.parallelism)) {
            plans = planned(books(estate, clusters), session.context());
        }
        CommandOutput.result(
                spec,
                options,
                PlanFile.of(estate.topology(), plans),
                text -> new PlanView(text, spec.commandLine().getColorScheme().ansi(), options.verbose)
                        .print(estate.topology(), plans));
        if (RefusalView.print(spec, plans)) {
            return ExitCode.REFUSED.code();
        }
        boolean pending = plans.stream()
                .anyMatch(p -> !p.plan().isEmpty()
                        || p.plan().notes().stream().anyMatch(n -> n.startsWith(DestructiveChange.MARK)));
        return pending && detailed ? ExitCode.CHANGES_PENDING.code() : ExitCode.DONE.code();
    }

    /** @throws HoldfastException UNREACHABLE when a cluster's catalog cannot be read */
    private static List<Runbook.Planned> planned(List<Runbook<?>> runbooks, ExecutionContext context) {
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
        if (!state.complaints().isEmpty()) {
            throw new HoldfastException(
                    ExitCode.UNREACHABLE,
                    runbook.cluster(),
                    String.join("; ", state.complaints()),
                    "holdfast status; holdfast apply creates a cluster that does not exist yet");
        }
        return runbook.plan(state);
    }

    private int carryOut(LoadedEstate estate, String command, List<Runbook<?>> runbooks) throws IOException {
        Topology topology = estate.topology();
        return new ChangeExecution(cliContext, options, spec, command).carryOut(topology, context -> {
            knownDrifts(estate, context);
            List<Runbook.Planned> plans = planned(runbooks, context);
            if (!options.yes) {
                Confirmation.goOn(
                        cliContext, spec, topology, plans, "look at `holdfast schema plan`, then run again with --yes");
            }
            plans.stream()
                    .flatMap(p -> p.plan().notes().stream())
                    .filter(n -> n.startsWith(DestructiveChange.MARK))
                    .forEach(n -> spec.commandLine().getErr().println(n));
            return runbooks;
        });
    }

    /** @throws HoldfastException USAGE when --allow names a drift that does not exist */
    private void knownDrifts(LoadedEstate estate, ExecutionContext context) {
        if (allowed.isEmpty()) {
            return;
        }
        List<Runbook<?>> runbooks = clusters(estate).stream()
                .<Runbook<?>>map(
                        c -> LoadedEstate.store(c).schema(estate.topology(), c, estate.dictionary(c), Set.of()))
                .toList();
        List<String> names = planned(runbooks, context).stream()
                .flatMap(p -> p.plan().notes().stream())
                .flatMap(n -> DestructiveChange.nameIn(n).stream())
                .toList();
        for (String name : allowed) {
            if (!names.contains(name)) {
                throw new HoldfastException(
                        ExitCode.USAGE,
                        "--allow=" + name,
                        "no drift has this name. Nothing was changed",
                        names.isEmpty() ? "there is no drift" : Suggestion.hint(name, names, "drifts: "));
            }
        }
    }

    private int diagram(LoadedEstate estate, List<Cluster> clusters) throws IOException {
        Dictionary whole = joined(estate, clusters);
        Dictionary shown = domain == null ? whole : whole.ofDomain(domain);
        if (shown.isEmpty()) {
            throw new HoldfastException(ExitCode.USAGE, domain, "unknown domain", "domains: " + whole.domains());
        }
        boolean svg = out != null && out.toString().endsWith(".svg");
        return write(estate, svg ? SvgDiagram.of(shown, estate.topology().name()) : MermaidDiagram.of(shown));
    }

    private static Dictionary joined(LoadedEstate estate, List<Cluster> clusters) {
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

    private String export(LoadedEstate estate, List<Cluster> clusters) {
        if (clusters.size() > 1) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    "schema export",
                    "several clusters have a dictionary",
                    "name one: " + clusters.stream().map(Cluster::name).toList());
        }
        Cluster cluster = clusters.get(0);
        return LoadedEstate.store(cluster).export(cluster, estate.dictionary(cluster));
    }

    private int write(LoadedEstate estate, String text) throws IOException {
        Map<String, Object> data =
                ResultData.result("schema " + verb, estate.topology().name());
        if (out != null) {
            AtomicFile.write(out, text);
            data.put("file", out.toString());
            CommandOutput.result(spec, options, data, o -> o.println("Written: " + out));
        } else {
            data.put("text", text);
            CommandOutput.result(spec, options, data, o -> o.print(text));
        }
        return ExitCode.DONE.code();
    }
}
