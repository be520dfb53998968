package dev.holdfast.cli.run;

import dev.holdfast.BuiltIns;
import dev.holdfast.backup.OplogArchiver.Source;
import dev.holdfast.cli.view.SystemdUnit;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Topology;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** The oplog archiver in the foreground: one process for all clusters whose servers do not archive by themselves. */
public final class ArchiveService {

    private static final Duration LONGEST_END = Duration.ofSeconds(30);

    private final CliContext cliContext;
    private final CommonOptions options;
    private final CommandSpec spec;

    public ArchiveService(CliContext cliContext, CommonOptions options, CommandSpec spec) {
        this.cliContext = cliContext;
        this.options = options;
        this.spec = spec;
    }

    /** Archives until the process receives a signal; what was read is then on disk. */
    public int archive(Topology topology, List<Cluster> clusters) {
        PrintWriter err = spec.commandLine().getErr();
        try (CliContext.Session session = cliContext.forLooking(topology, options.parallelism)) {
            List<Source> sources = clusters.stream()
                    .flatMap(c -> BuiltIns.backupProvider(c).archived(session.context(), topology, c).stream())
                    .toList();
            if (sources.isEmpty()) {
                throw new HoldfastException(
                        ExitCode.REFUSED,
                        topology.name(),
                        "there is nothing to archive: the servers of these clusters archive by themselves",
                        "holdfast backup list shows what they have archived");
            }
            printLine(
                    err,
                    "archives "
                            + String.join(
                                    ", ", sources.stream().map(Source::name).toList()));
            return SignalHandler.during(
                    Thread.currentThread()::interrupt, LONGEST_END, () -> archived(session, sources, err));
        }
    }

    private static int archived(CliContext.Session session, List<Source> sources, PrintWriter err) {
        try {
            session.oplogArchiver().archive(sources, line -> printLine(err, line));
        } finally {
            Thread.interrupted(); // the stop was requested: print what is left to print
            printLine(err, "everything that was read is on disk");
        }
        return ExitCode.DONE.code();
    }

    private static void printLine(PrintWriter err, String line) {
        err.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + "  " + line);
        err.flush();
    }

    /** Prints the systemd unit that runs this archiver. */
    public int unit(Topology topology) {
        if (!Files.exists(options.file)) {
            throw new HoldfastException(
                    ExitCode.USAGE, "--unit", "a systemd unit needs the path of a topology file", "give -f FILE");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(SystemdUnit.archiver(topology.name(), options.file, cliContext.environment()));
        out.flush();
        return ExitCode.DONE.code();
    }
}
