package dev.holdfast.cli.run;

import dev.holdfast.BuiltIns;
import dev.holdfast.backup.BackupInventory;
import dev.holdfast.backup.BackupProvider;
import dev.holdfast.cli.view.BackupInventoryView;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.engine.ScratchInstances;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Topology;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/** The listing of backups, recovery windows and side-by-side restores of clusters. */
public final class BackupListing {

    private final CliContext cliContext;
    private final CommonOptions options;
    private final CommandSpec spec;

    public BackupListing(CliContext cliContext, CommonOptions options, CommandSpec spec) {
        this.cliContext = cliContext;
        this.options = options;
        this.spec = spec;
    }

    /**
     * Prints the listing and returns the exit code.
     *
     * @param thorough whether every backup file is verified
     */
    public int print(Topology topology, List<Cluster> clusters, boolean thorough) {
        try (CliContext.Session session = cliContext.forLooking(topology, options.parallelism)) {
            List<BackupInventory> all = session.context()
                    .sideBySide(clusters.stream()
                            .<Supplier<BackupInventory>>map(c -> () -> {
                                BackupProvider provider = BuiltIns.backupProvider(c);
                                BackupInventory held = thorough
                                        ? provider.verify(session.context(), topology, c)
                                        : provider.inventory(session.context(), topology, c);
                                ScratchInstances.Labels labels = provider.labels(session.context(), topology, c);
                                List<String> notes = new ArrayList<>();
                                labels.labels()
                                        .forEach(l -> notes.add("a side-by-side restore is not discarded yet, label "
                                                + l + " (holdfast restore " + c.name() + " --discard --label " + l
                                                + ")"));
                                labels.unreached()
                                        .forEach((host, why) -> notes.add("host " + host
                                                + " does not answer, so its restored servers are unknown: " + why));
                                return held.noting(notes);
                            })
                            .toList());
            List<BackupInventory.Finding> findings =
                    all.stream().flatMap(h -> h.findings().stream()).toList();
            Instant now = Instant.now();
            var data = ResultData.result("backup " + (thorough ? "verify" : "list"), topology.name());
            data.put("at", now.toString());
            data.put(
                    "clusters",
                    all.stream().map(h -> BackupInventoryView.data(h, now)).toList());
            CommandOutput.result(spec, options, data, out -> {
                BackupInventoryView view = new BackupInventoryView(out, now);
                all.forEach(view::print);
                if (thorough && findings.isEmpty()) {
                    out.println("Every backup file was verified, and none is damaged.");
                }
            });
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
