package dev.holdfast.cli.command;

import dev.holdfast.Catalogue;
import dev.holdfast.backup.Holdings;
import dev.holdfast.backup.Kind;
import dev.holdfast.backup.Vault;
import dev.holdfast.cli.view.Data;
import dev.holdfast.cli.view.HoldingsView;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import dev.holdfast.plan.Runbook;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes backups, and tells what can be brought back. */
@Command(name = "backup", description = "Make backups, list which moments can be brought back, verify every piece.")
public final class BackupCommand implements Callable<Integer> {

    /** What is asked for. */
    enum Ask {
        run,
        list,
        verify,
        archive
    }

    private final Desk desk;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Parameters(
            index = "0",
            paramLabel = "ASK",
            description = "run, list, verify, or archive (stays until it is ended)")
    Ask ask;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "CLUSTER",
            description = "the cluster (default: every one that declares backup:)")
    String cluster;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            defaultValue = "DUE",
            description = "run: full, differential, incremental, or due: what the schedule asks for (default: due)")
    Kind kind;

    @Option(names = "--unit", description = "archive: print a systemd unit that runs it, instead of running it")
    boolean unit;

    public BackupCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException {
        Topology topology = Estate.load(options, desk).topology();
        List<Cluster> clusters = clusters(topology);
        return switch (ask) {
            case run ->
                new Run(desk, options, spec, "backup run")
                        .carryOut(
                                topology,
                                world -> clusters.stream()
                                        .<Runbook<?>>map(c -> Catalogue.vault(c).backup(topology, c, kind))
                                        .toList());
            case archive -> {
                Archiving archiving = new Archiving(desk, options, spec);
                yield unit ? archiving.unit(topology) : archiving.keep(topology, clusters);
            }
            case list -> told(topology, clusters, false);
            case verify -> told(topology, clusters, true);
        };
    }

    private List<Cluster> clusters(Topology topology) {
        return cluster == null ? declared(topology) : List.of(declared(Targets.cluster(topology, cluster)));
    }

    /** @throws Trouble REFUSED when no cluster declares backups */
    static List<Cluster> declared(Topology topology) {
        List<Cluster> all = topology.clusters().stream()
                .filter(c -> c.precaution().isPresent())
                .toList();
        if (all.isEmpty()) {
            throw undeclared(topology.name());
        }
        return all;
    }

    /** @throws Trouble REFUSED when it declares no backups */
    static Cluster declared(Cluster cluster) {
        if (cluster.precaution().isEmpty()) {
            throw undeclared(cluster.name());
        }
        return cluster;
    }

    private static Trouble undeclared(String where) {
        return new Trouble(
                Exit.REFUSED,
                where,
                "no backups are declared",
                "add backup: { ..., repository: /path/on/other/storage } to the cluster, and holdfast apply");
    }

    private int told(Topology topology, List<Cluster> clusters, boolean thorough) {
        try (Desk.Hands hands = desk.forLooking(topology, options.parallelism)) {
            List<Holdings> all = hands.world()
                    .sideBySide(clusters.stream()
                            .<Supplier<Holdings>>map(c -> () -> {
                                Vault vault = Catalogue.vault(c);
                                Holdings held = thorough
                                        ? vault.verify(hands.world(), topology, c)
                                        : vault.holdings(hands.world(), topology, c);
                                return held.noting(vault.labels(hands.world(), topology, c).stream()
                                        .map(l -> "restored beside and not discarded: " + l + " (holdfast restore "
                                                + c.name() + " --discard --label " + l + ")")
                                        .toList());
                            })
                            .toList());
            Instant now = Instant.now();
            var data = Data.result("backup " + ask, topology.name());
            data.put("at", now.toString());
            data.put(
                    "clusters", all.stream().map(h -> HoldingsView.data(h, now)).toList());
            Told.result(spec, options, data, out -> {
                HoldingsView view = new HoldingsView(out, now);
                all.forEach(view::print);
            });
            List<Holdings.Finding> findings =
                    all.stream().flatMap(h -> h.findings().stream()).toList();
            findings.forEach(f -> {
                spec.commandLine().getErr().println("holdfast: " + f.where() + ": " + f.what());
                if (!f.hint().isEmpty()) {
                    spec.commandLine().getErr().println("    HINT: " + f.hint());
                }
            });
            return findings.isEmpty() ? Exit.DONE.code() : Exit.OBJECTIVE_MISSED.code();
        }
    }
}
