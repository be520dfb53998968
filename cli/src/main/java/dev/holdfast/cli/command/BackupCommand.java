package dev.holdfast.cli.command;

import dev.holdfast.BuiltIns;
import dev.holdfast.backup.BackupInventory;
import dev.holdfast.backup.BackupProvider;
import dev.holdfast.backup.BackupType;
import dev.holdfast.cli.run.ArchiveService;
import dev.holdfast.cli.run.ChangeExecution;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommandOutput;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.cli.run.TargetResolver;
import dev.holdfast.cli.view.BackupInventoryView;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.engine.ScratchInstances;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code backup}: makes backups, and shows what can be restored. */
@Command(name = "backup", description = "Make backups, list recovery windows, and verify every backup file.")
public final class BackupCommand implements Callable<Integer> {

    /** The requested action. */
    enum Ask {
        run,
        list,
        verify,
        archive,
        escrow
    }

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Parameters(
            index = "0",
            paramLabel = "ASK",
            description =
                    "run, list, verify, archive (runs until it is stopped), or escrow: print the passphrases of encrypted"
                            + " repositories, so that you can keep them elsewhere")
    Ask ask;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "CLUSTER",
            description = "the cluster (default: every cluster that declares backup:)")
    String cluster;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            defaultValue = "DUE",
            description =
                    "run: full, differential, incremental, or due: the type that the schedule requires (default: due)")
    BackupType kind;

    @Option(names = "--unit", description = "archive: print a systemd unit that runs the archiver, and do not run it")
    boolean unit;

    public BackupCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() throws IOException {
        Topology topology = LoadedEstate.load(options, cliContext).topology();
        List<Cluster> clusters = clusters(topology);
        return switch (ask) {
            case run ->
                new ChangeExecution(cliContext, options, spec, "backup run")
                        .carryOut(
                                topology,
                                context -> clusters.stream()
                                        .<Runbook<?>>map(
                                                c -> BuiltIns.backupProvider(c).backup(topology, c, kind))
                                        .toList());
            case archive -> {
                ArchiveService archiving = new ArchiveService(cliContext, options, spec);
                yield unit ? archiving.unit(topology) : archiving.keep(topology, clusters);
            }
            case escrow -> escrow(topology, clusters);
            case list -> printBackups(topology, clusters, false);
            case verify -> printBackups(topology, clusters, true);
        };
    }

    /** Prints secrets; the only command that does so. Without them an encrypted repository is lost together with this machine. */
    private int escrow(Topology topology, List<Cluster> clusters) {
        try (CliContext.Session session = cliContext.forLooking(topology, options.parallelism)) {
            Map<String, Object> values = new LinkedHashMap<>();
            clusters.forEach(c ->
                    BuiltIns.backupProvider(c).passphrase(c).ifPresent(s -> values.put(s.name(), session.reveal(s))));
            if (values.isEmpty()) {
                throw new HoldfastException(
                        ExitCode.REFUSED,
                        topology.name(),
                        "no repository is encrypted, so there is no passphrase to keep",
                        "backup: { ..., encryption: generated } encrypts a PostgreSQL cluster's repository");
            }
            var data = ResultData.result("backup escrow", topology.name());
            data.put("secrets", values);
            CommandOutput.result(spec, options, data, out -> {
                out.println("# Estate " + topology.name() + ": the passphrases of its encrypted repositories.");
                out.println(
                        "# Keep them away from this machine and from the repositories; see examples/BARE-METAL.md.");
                values.forEach((name, value) -> out.println(name + ": " + value));
            });
            return ExitCode.DONE.code();
        }
    }

    private List<Cluster> clusters(Topology topology) {
        return cluster == null ? declared(topology) : List.of(declared(TargetResolver.cluster(topology, cluster)));
    }

    /** @throws HoldfastException REFUSED when no cluster declares backups */
    static List<Cluster> declared(Topology topology) {
        List<Cluster> all = topology.clusters().stream()
                .filter(c -> c.precaution().isPresent())
                .toList();
        if (all.isEmpty()) {
            throw undeclared(topology.name());
        }
        return all;
    }

    /** @throws HoldfastException REFUSED when it declares no backups */
    static Cluster declared(Cluster cluster) {
        if (cluster.precaution().isEmpty()) {
            throw undeclared(cluster.name());
        }
        return cluster;
    }

    private static HoldfastException undeclared(String where) {
        return new HoldfastException(
                ExitCode.REFUSED,
                where,
                "no backups are declared",
                "add backup: { ..., repository: /path/on/other/storage } to the cluster, and holdfast apply");
    }

    private int printBackups(Topology topology, List<Cluster> clusters, boolean thorough) {
        try (CliContext.Session session = cliContext.forLooking(topology, options.parallelism)) {
            List<BackupInventory> all = session.context()
                    .sideBySide(clusters.stream()
                            .<Supplier<BackupInventory>>map(c -> () -> {
                                BackupProvider provider = BuiltIns.backupProvider(c);
                                BackupInventory held = thorough
                                        ? provider.verify(session.context(), topology, c)
                                        : provider.holdings(session.context(), topology, c);
                                ScratchInstances.Labels labels = provider.labels(session.context(), topology, c);
                                List<String> notes = new ArrayList<>();
                                labels.labels()
                                        .forEach(l -> notes.add("side-by-side restore, not discarded yet: " + l
                                                + " (holdfast restore " + c.name() + " --discard --label " + l + ")"));
                                labels.unreached()
                                        .forEach((host, why) -> notes.add("host " + host
                                                + " does not answer, so its restored servers are unknown: " + why));
                                return held.noting(notes);
                            })
                            .toList());
            Instant now = Instant.now();
            var data = ResultData.result("backup " + ask, topology.name());
            data.put("at", now.toString());
            data.put(
                    "clusters",
                    all.stream().map(h -> BackupInventoryView.data(h, now)).toList());
            CommandOutput.result(spec, options, data, out -> {
                BackupInventoryView view = new BackupInventoryView(out, now);
                all.forEach(view::print);
            });
            List<BackupInventory.Finding> findings =
                    all.stream().flatMap(h -> h.findings().stream()).toList();
            findings.forEach(f -> {
                spec.commandLine().getErr().println("holdfast: " + f.where() + ": " + f.what());
                if (!f.hint().isEmpty()) {
                    spec.commandLine().getErr().println("    HINT: " + f.hint());
                }
            });
            return findings.isEmpty() ? ExitCode.DONE.code() : ExitCode.OBJECTIVE_MISSED.code();
        }
    }
}
