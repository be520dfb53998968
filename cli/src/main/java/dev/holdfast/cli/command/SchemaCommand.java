package dev.holdfast.cli.command;

import dev.holdfast.cli.files.AtomicFile;
import dev.holdfast.cli.run.ChangeExecution;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommandOutput;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.Confirmation;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.cli.run.PlanFile;
import dev.holdfast.cli.run.TargetResolver;
import dev.holdfast.cli.view.PlanView;
import dev.holdfast.cli.view.RefusalView;
import dev.holdfast.cli.view.ResultData;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code schema}: compares, creates, draws and exports what a cluster stores according to its data dictionary. */
@Command(
        name = "schema",
        description = "Compare, create and export what the data dictionary declares.",
        footer = {"  holdfast schema plan", "  holdfast schema diagram --out schema.svg"})
public final class SchemaCommand {

    static final List<String> SUBCOMMANDS = List.of("plan", "apply", "purge", "diagram", "export");

    @Mixin
    HelpOption help;

    static Object subcommand(String name, CliContext cliContext) {
        return switch (name) {
            case "plan" -> new PlanSchema(cliContext);
            case "apply" -> new ApplySchema(cliContext);
            case "purge" -> new PurgeRows(cliContext);
            case "diagram" -> new DrawDiagram(cliContext);
            case "export" -> new ExportSchema(cliContext);
            default -> throw new IllegalArgumentException("unknown subcommand " + name);
        };
    }

    /** What all subcommands have: the clusters that have a dictionary. */
    private abstract static class OnDictionaries implements Callable<Integer> {

        final CliContext cliContext;

        @Spec
        CommandSpec spec;

        @Mixin
        CommonOptions options;

        @Parameters(arity = "0..1", paramLabel = "CLUSTER", description = "one cluster (default: all)")
        String requested;

        OnDictionaries(CliContext cliContext) {
            this.cliContext = cliContext;
        }

        abstract int call(LoadedEstate estate, List<Cluster> clusters) throws IOException;

        @Override
        public final Integer call() throws IOException {
            LoadedEstate estate = LoadedEstate.load(options, cliContext);
            return call(estate, clusters(estate));
        }

        private List<Cluster> clusters(LoadedEstate estate) {
            List<Cluster> clusters = estate.topology().clusters().stream()
                    .filter(c -> requested == null || c.name().equals(requested))
                    .filter(c -> !estate.dictionary(c).isEmpty())
                    .toList();
            if (clusters.isEmpty()) {
                String cluster = requested == null
                        ? ""
                        : TargetResolver.cluster(estate.topology(), requested).name();
                throw new HoldfastException(
                        ExitCode.USAGE,
                        requested == null ? options.file.toString() : requested,
                        cluster.isEmpty() ? "no cluster has a dictionary" : "the cluster has no dictionary",
                        "add the path of a dictionary file under schema: in "
                                + (cluster.isEmpty() ? "a cluster" : "the cluster " + cluster));
            }
            return clusters;
        }

        int carryOut(LoadedEstate estate, String command, List<Runbook<?>> runbooks, Consumer<ExecutionContext> check)
                throws IOException {
            Topology topology = estate.topology();
            return new ChangeExecution(cliContext, options, spec, command).carryOut(topology, context -> {
                check.accept(context);
                List<Runbook.Planned> plans = SchemaPlanning.planned(runbooks, context);
                if (!options.yes) {
                    Confirmation.goOn(
                            cliContext,
                            spec,
                            topology,
                            plans,
                            "read the output of `holdfast schema plan`, then run again with --yes");
                }
                plans.stream()
                        .flatMap(p -> p.plan().notes().stream())
                        .filter(n -> n.startsWith(DestructiveChange.MARK))
                        .forEach(n -> spec.commandLine().getErr().println(n));
                return options.yes ? runbooks : Confirmation.checked(runbooks, plans);
            });
        }

        int write(String kind, LoadedEstate estate, String text, Path out) throws IOException {
            Map<String, Object> data = ResultData.result(kind, estate.topology().name());
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

    /** The command {@code schema plan}. */
    @Command(
            name = "plan",
            description = "Compare the dictionary with the catalog, field by field. Changes nothing.",
            footer = "  holdfast schema plan payments --detailed-exitcode")
    private static final class PlanSchema extends OnDictionaries {

        @Option(names = "--detailed-exitcode", description = "end with 2 when steps are planned, or there is drift")
        boolean detailed;

        @Option(
                names = "--allow",
                paramLabel = "CHANGE",
                split = ",",
                description =
                        "allow this change, although it drops, narrows or rewrites data; the plan prints its name; repeatable")
        Set<String> allowed = new LinkedHashSet<>();

        PlanSchema(CliContext cliContext) {
            super(cliContext);
        }

        @Override
        int call(LoadedEstate estate, List<Cluster> clusters) {
            List<Runbook.Planned> plans;
            try (CliContext.Session session = cliContext.forLooking(estate.topology(), options.parallelism)) {
                plans = SchemaPlanning.planned(SchemaPlanning.of(estate, clusters, allowed), session.context());
            }
            CommandOutput.result(
                    spec,
                    options,
                    PlanFile.of(estate.topology(), plans),
                    text -> new PlanView(
                                    text, spec.commandLine().getColorScheme().ansi(), options.verbose)
                            .print(estate.topology(), plans));
            if (RefusalView.print(spec, plans)) {
                return ExitCode.REFUSED.code();
            }
            boolean pending = plans.stream()
                    .anyMatch(p -> !p.plan().isEmpty()
                            || p.plan().notes().stream().anyMatch(n -> n.startsWith(DestructiveChange.MARK)));
            return pending && detailed ? ExitCode.CHANGES_PENDING.code() : ExitCode.DONE.code();
        }
    }

    /** The command {@code schema apply}. */
    @Command(
            name = "apply",
            description = "Create what is missing and widen what is too narrow; the rest only with --allow.",
            footer = {"  holdfast schema apply", "  holdfast schema apply payments --allow payment.note --yes"})
    private static final class ApplySchema extends OnDictionaries {

        @Option(
                names = "--allow",
                paramLabel = "CHANGE",
                split = ",",
                description =
                        "allow this change, although it drops, narrows or rewrites data; the plan prints its name; repeatable")
        Set<String> allowed = new LinkedHashSet<>();

        ApplySchema(CliContext cliContext) {
            super(cliContext);
        }

        @Override
        int call(LoadedEstate estate, List<Cluster> clusters) throws IOException {
            return carryOut(
                    estate,
                    "schema apply",
                    SchemaPlanning.of(estate, clusters, allowed),
                    context -> SchemaPlanning.knownDrifts(estate, clusters, allowed, context));
        }
    }

    /** The command {@code schema purge}. */
    @Command(
            name = "purge",
            description = "Delete what is older than its TTL, if the engine does not do so itself.",
            footer = "  holdfast schema purge payments --yes")
    private static final class PurgeRows extends OnDictionaries {

        PurgeRows(CliContext cliContext) {
            super(cliContext);
        }

        @Override
        int call(LoadedEstate estate, List<Cluster> clusters) throws IOException {
            return carryOut(estate, "schema purge", SchemaPlanning.purges(estate, clusters), context -> {});
        }
    }

    /** The command {@code schema diagram}. */
    @Command(
            name = "diagram",
            description = "Draw entities, keys and references as Mermaid or SVG.",
            footer = {"  holdfast schema diagram --domain chat", "  holdfast schema diagram --out schema.svg"})
    private static final class DrawDiagram extends OnDictionaries {

        @Option(names = "--domain", paramLabel = "DOMAIN", description = "only this domain")
        String domain;

        @Option(names = "--out", paramLabel = "FILE", description = "write to this file; .svg means SVG")
        Path out;

        DrawDiagram(CliContext cliContext) {
            super(cliContext);
        }

        @Override
        int call(LoadedEstate estate, List<Cluster> clusters) throws IOException {
            Dictionary whole = SchemaPlanning.joined(estate, clusters);
            Dictionary shown = domain == null ? whole : whole.ofDomain(domain);
            if (shown.isEmpty()) {
                throw new HoldfastException(ExitCode.USAGE, domain, "unknown domain", "domains: " + whole.domains());
            }
            boolean svg = out != null && out.toString().endsWith(".svg");
            return write(
                    "schema diagram",
                    estate,
                    svg ? SvgDiagram.of(shown, estate.topology().name()) : MermaidDiagram.of(shown),
                    out);
        }
    }

    /** The command {@code schema export}. */
    @Command(
            name = "export",
            description = "Write DDL for psql, or a script for mongosh.",
            footer = "  holdfast schema export payments --out payments.sql")
    private static final class ExportSchema extends OnDictionaries {

        @Option(names = "--out", paramLabel = "FILE", description = "write to this file")
        Path out;

        ExportSchema(CliContext cliContext) {
            super(cliContext);
        }

        @Override
        int call(LoadedEstate estate, List<Cluster> clusters) throws IOException {
            return write("schema export", estate, export(estate, clusters), out);
        }

        private static String export(LoadedEstate estate, List<Cluster> clusters) {
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
    }
}
