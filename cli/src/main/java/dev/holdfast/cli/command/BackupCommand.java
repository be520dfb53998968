package dev.holdfast.cli.command;

import dev.holdfast.BuiltIns;
import dev.holdfast.backup.BackupType;
import dev.holdfast.cli.run.ArchiveService;
import dev.holdfast.cli.run.BackupListing;
import dev.holdfast.cli.run.ChangeExecution;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommandOutput;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.cli.run.TargetResolver;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code backup}: makes backups, and shows what can be restored. */
@Command(
        name = "backup",
        description = "Make backups, list recovery windows, and verify every backup file.",
        footer = {"  holdfast backup run", "  holdfast backup list payments"})
public final class BackupCommand {

    static final List<String> SUBCOMMANDS = List.of("run", "list", "verify", "archive", "escrow");

    @Mixin
    HelpOption help;

    static Object subcommand(String name, CliContext cliContext) {
        return switch (name) {
            case "run" -> new RunBackup(cliContext);
            case "list" -> new ListBackups(cliContext);
            case "verify" -> new VerifyBackups(cliContext);
            case "archive" -> new ArchiveOplog(cliContext);
            case "escrow" -> new Escrow(cliContext);
            default -> throw new IllegalArgumentException("unknown subcommand " + name);
        };
    }

    /** What all subcommands have: the clusters that declare backups. */
    private abstract static class OnClusters implements Callable<Integer> {

        final CliContext cliContext;

        @Spec
        CommandSpec spec;

        @Mixin
        CommonOptions options;

        @Parameters(
                arity = "0..1",
                paramLabel = "CLUSTER",
                description = "the cluster (default: every cluster that declares backup:)")
        String cluster;

        OnClusters(CliContext cliContext) {
            this.cliContext = cliContext;
        }

        abstract int call(Topology topology, List<Cluster> clusters) throws IOException;

        @Override
        public final Integer call() throws IOException {
            Topology topology = LoadedEstate.load(options, cliContext).topology();
            List<Cluster> clusters =
                    cluster == null ? declared(topology) : List.of(declared(TargetResolver.cluster(topology, cluster)));
            return call(topology, clusters);
        }
    }

    /** The command {@code backup run}. */
    @Command(
            name = "run",
            description = "Make the backups that are due, or one of a given type.",
            footer = {"  holdfast backup run", "  holdfast backup run payments --kind full"})
    private static final class RunBackup extends OnClusters {

        @Option(
                names = "--kind",
                paramLabel = "KIND",
                defaultValue = "DUE",
                description =
                        "full, differential, incremental, or due: the type that the schedule requires (default: due)")
        BackupType kind;

        RunBackup(CliContext cliContext) {
            super(cliContext);
        }

        @Override
        int call(Topology topology, List<Cluster> clusters) throws IOException {
            return new ChangeExecution(cliContext, options, spec, "backup run")
                    .carryOut(
                            topology,
                            context -> clusters.stream()
                                    .<Runbook<?>>map(
                                            c -> BuiltIns.backupProvider(c).backup(topology, c, kind))
                                    .toList());
        }
    }

    /** The command {@code backup archive}. */
    @Command(
            name = "archive",
            description = "Archive the oplog of MongoDB clusters continuously. Runs until it is stopped.",
            footer = {"  holdfast backup archive", "  holdfast backup archive --unit"})
    private static final class ArchiveOplog extends OnClusters {

        @Option(names = "--unit", description = "print a systemd unit that runs the archiver, and do not run it")
        boolean unit;

        ArchiveOplog(CliContext cliContext) {
            super(cliContext);
        }

        @Override
        int call(Topology topology, List<Cluster> clusters) throws IOException {
            ArchiveService archiving = new ArchiveService(cliContext, options, spec);
            return unit ? archiving.unit(topology) : archiving.archive(topology, clusters);
        }
    }

    /**
     * The command {@code backup escrow}, the only one that prints secrets. Without them an encrypted repository is lost
     * together with this machine.
     */
    @Command(
            name = "escrow",
            description = "Print the passphrases of encrypted repositories, so that you can keep them elsewhere.",
            footer = "  holdfast backup escrow payments")
    private static final class Escrow extends OnClusters {

        Escrow(CliContext cliContext) {
            super(cliContext);
        }

        @Override
        int call(Topology topology, List<Cluster> clusters) {
            try (CliContext.Session session = cliContext.forLooking(topology, options.parallelism)) {
                Map<String, Object> values = new LinkedHashMap<>();
                clusters.forEach(c -> BuiltIns.backupProvider(c)
                        .passphrase(c)
                        .ifPresent(s -> values.put(s.name(), session.reveal(s))));
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
    }

    /** The command {@code backup list}. */
    @Command(
            name = "list",
            description = "List the backups and the recovery windows of each cluster.",
            footer = "  holdfast backup list payments -o json")
    private static final class ListBackups extends OnClusters {

        ListBackups(CliContext cliContext) {
            super(cliContext);
        }

        @Override
        int call(Topology topology, List<Cluster> clusters) {
            return new BackupListing(cliContext, options, spec).print(topology, clusters, false);
        }
    }

    /** The command {@code backup verify}. */
    @Command(
            name = "verify",
            description = "Verify every backup file, and list the backups as backup list does.",
            footer = "  holdfast backup verify social")
    private static final class VerifyBackups extends OnClusters {

        VerifyBackups(CliContext cliContext) {
            super(cliContext);
        }

        @Override
        int call(Topology topology, List<Cluster> clusters) {
            return new BackupListing(cliContext, options, spec).print(topology, clusters, true);
        }
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
}
