package dev.holdfast.cli.command;

import dev.holdfast.cli.view.Data;
import dev.holdfast.cli.view.PlanView;
import dev.holdfast.engine.Nearest;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import dev.holdfast.plan.Runbook;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Drift;
import dev.holdfast.schema.diagram.Mermaid;
import dev.holdfast.schema.diagram.SvgDiagram;
import dev.holdfast.world.Observed;
import dev.holdfast.world.World;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
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

/** Compares, builds, draws and writes out what is to be stored. */
@Command(
        name = "schema",
        description = {
            "Work with the dictionary of what is stored.",
            "",
            "  plan     compare dictionary and catalogue, field by field; changes nothing",
            "  apply    make what is missing and widen what is too narrow; the rest only with --allow",
            "  purge    delete what is older than its TTL, where the engine does not do so itself",
            "  diagram  draw entities, keys and references as Mermaid or SVG",
            "  export   write DDL for psql, or a script for mongosh",
            ""
        })
public final class SchemaCommand implements Callable<Integer> {

    /** What to do with the dictionary. */
    public enum Verb {
        plan,
        apply,
        purge,
        diagram,
        export
    }

    private final Desk desk;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Parameters(index = "0", paramLabel = "VERB", description = "plan, apply, purge, diagram or export")
    Verb verb;

    @Parameters(index = "1", arity = "0..1", paramLabel = "CLUSTER", description = "one cluster; all when absent")
    String wanted;

    @Option(
            names = "--allow",
            paramLabel = "CHANGE",
            split = ",",
            description = "mend this drift though it drops, narrows or rewrites; as plan names it; may be repeated")
    Set<String> allowed = new LinkedHashSet<>();

    @Option(names = "--detailed-exitcode", description = "plan: end with 2 when there is something to do, or drift")
    boolean detailed;

    @Option(names = "--out", paramLabel = "FILE", description = "diagram, export: write to this file; .svg means SVG")
    Path out;

    @Option(names = "--domain", paramLabel = "DOMAIN", description = "diagram: only this domain")
    String domain;

    public SchemaCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException {
        Estate estate = Estate.load(options, desk);
        List<Cluster> clusters = clusters(estate);
        return switch (verb) {
            case plan -> plan(estate, clusters);
            case apply -> carryOut(estate, "schema apply", books(estate, clusters));
            case purge -> carryOut(estate, "schema purge", purges(estate, clusters));
            case diagram -> diagram(estate, clusters);
            case export -> write(export(estate, clusters));
        };
    }

    private List<Cluster> clusters(Estate estate) {
        List<Cluster> clusters = estate.topology().clusters().stream()
                .filter(c -> wanted == null || c.name().equals(wanted))
                .filter(c -> !estate.dictionary(c).isEmpty())
                .toList();
        if (clusters.isEmpty()) {
            throw new Trouble(
                    Exit.USAGE,
                    wanted == null ? options.file.toString() : wanted,
                    "there is no such cluster with a dictionary",
                    "name the dictionary's file under clusters/NAME/schema");
        }
        return clusters;
    }

    private List<Runbook<?>> books(Estate estate, List<Cluster> clusters) {
        Topology topology = estate.topology();
        return clusters.stream()
                .<Runbook<?>>map(c -> Estate.store(c).schema(topology, c, estate.dictionary(c), allowed))
                .toList();
    }

    private static List<Runbook<?>> purges(Estate estate, List<Cluster> clusters) {
        return clusters.stream()
                .<Runbook<?>>map(c -> Estate.store(c).purge(estate.topology(), c, estate.dictionary(c)))
                .toList();
    }

    private int plan(Estate estate, List<Cluster> clusters) {
        List<Runbook.Planned> plans;
        try (Desk.Hands hands = desk.forLooking(estate.topology(), options.parallelism)) {
            plans = planned(books(estate, clusters), hands.world());
        }
        Told.result(
                spec,
                options,
                SavedPlan.of(estate.topology(), plans),
                text -> new PlanView(text, spec.commandLine().getColorScheme().ansi(), options.verbose)
                        .print(estate.topology(), plans));
        if (Refusals.print(spec, plans)) {
            return Exit.REFUSED.code();
        }
        boolean pending = plans.stream()
                .anyMatch(
                        p -> !p.plan().isEmpty() || p.plan().notes().stream().anyMatch(n -> n.startsWith(Drift.MARK)));
        return pending && detailed ? Exit.CHANGES_PENDING.code() : Exit.DONE.code();
    }

    /** @throws Trouble UNREACHABLE when a cluster's catalogue cannot be read */
    private static List<Runbook.Planned> planned(List<Runbook<?>> books, World world) {
        return world
                .sideBySide(books.stream()
                        .<Supplier<List<Runbook.Planned>>>map(b -> () -> planned(b, world))
                        .toList())
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private static <S extends Observed> List<Runbook.Planned> planned(Runbook<S> book, World world) {
        S seen = book.look().apply(world);
        if (!seen.complaints().isEmpty()) {
            throw new Trouble(
                    Exit.UNREACHABLE,
                    book.cluster(),
                    String.join("; ", seen.complaints()),
                    "holdfast status; a cluster that is not there yet is made by holdfast apply");
        }
        return book.plan(seen);
    }

    private int carryOut(Estate estate, String command, List<Runbook<?>> books) throws IOException {
        Topology topology = estate.topology();
        return new Run(desk, options, spec, command).carryOut(topology, world -> {
            knownDrifts(estate, world);
            List<Runbook.Planned> plans = planned(books, world);
            long steps = plans.stream().mapToLong(p -> p.plan().steps().size()).sum();
            boolean refused = plans.stream().anyMatch(p -> !p.plan().refusals().isEmpty());
            if (steps > 0 && !refused && !options.yes) {
                Question.yes(
                        desk,
                        spec,
                        steps + " changes of the schema to make on estate " + topology.name() + ". Go on?",
                        new Trouble(
                                Exit.REFUSED,
                                topology.name(),
                                steps + " changes of the schema to make, and nobody to ask",
                                "look at `holdfast schema plan`, then run again with --yes"));
            }
            plans.stream()
                    .flatMap(p -> p.plan().notes().stream())
                    .filter(n -> n.startsWith(Drift.MARK))
                    .forEach(n -> spec.commandLine().getErr().println(n));
            return books;
        });
    }

    /** @throws Trouble USAGE when a change is allowed by a name that no drift has */
    private void knownDrifts(Estate estate, World world) {
        if (allowed.isEmpty()) {
            return;
        }
        List<Runbook<?>> books = clusters(estate).stream()
                .<Runbook<?>>map(c -> Estate.store(c).schema(estate.topology(), c, estate.dictionary(c), Set.of()))
                .toList();
        List<String> names = planned(books, world).stream()
                .flatMap(p -> p.plan().notes().stream())
                .flatMap(n -> Drift.nameIn(n).stream())
                .toList();
        for (String name : allowed) {
            if (!names.contains(name)) {
                throw new Trouble(
                        Exit.USAGE,
                        "--allow=" + name,
                        "no drift has this name; nothing was changed",
                        names.isEmpty() ? "there is no drift" : Nearest.hint(name, names, "drifts: "));
            }
        }
    }

    private int diagram(Estate estate, List<Cluster> clusters) throws IOException {
        Dictionary whole = joined(estate, clusters);
        Dictionary shown = domain == null ? whole : whole.ofDomain(domain);
        if (shown.isEmpty()) {
            throw new Trouble(Exit.USAGE, domain, "there is no such domain", "domains: " + whole.domains());
        }
        boolean svg = out != null && out.toString().endsWith(".svg");
        return write(svg ? SvgDiagram.of(shown, estate.topology().name()) : Mermaid.of(shown));
    }

    private static Dictionary joined(Estate estate, List<Cluster> clusters) {
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

    private String export(Estate estate, List<Cluster> clusters) {
        if (clusters.size() > 1) {
            throw new Trouble(
                    Exit.USAGE,
                    "schema export",
                    "several clusters have a dictionary",
                    "name one: " + clusters.stream().map(Cluster::name).toList());
        }
        Cluster cluster = clusters.get(0);
        return Estate.store(cluster).export(cluster, estate.dictionary(cluster));
    }

    private int write(String text) throws IOException {
        PrintWriter result = spec.commandLine().getOut();
        if (out != null) {
            Files.writeString(out, text);
            Told.result(
                    spec,
                    options,
                    Data.map("schemaVersion", 1, "kind", verb.name(), "file", out.toString()),
                    o -> o.println("Written: " + out));
        } else {
            result.print(text);
            result.flush();
        }
        return Exit.DONE.code();
    }
}
