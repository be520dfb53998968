package dev.holdfast.cli.command;

import dev.holdfast.cli.run.ChangeExecution;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.cli.run.TargetResolver;
import dev.holdfast.engine.MaintenanceRunbook;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Topology;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code maintenance}: prevents role changes in a cluster while people work on it. */
@Command(
        name = "maintenance",
        description = "Prevent role changes in a cluster while people work on it: switchover, failover and drills are"
                + " refused until the maintenance ends. The record is on the cluster's hosts; status shows it.")
public final class MaintenanceCommand implements Callable<Integer> {

    /** Whether maintenance begins or ends. */
    enum Turn {
        on,
        off
    }

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Parameters(index = "0", paramLabel = "on|off", description = "begin or end the maintenance")
    Turn turn;

    @Parameters(index = "1", paramLabel = "CLUSTER", description = "the cluster, e.g. payments")
    String cluster;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "the reason, which status shows to others",
            defaultValue = "")
    String reason;

    public MaintenanceCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() throws IOException {
        Topology topology = LoadedEstate.load(options, cliContext).topology();
        Cluster found = TargetResolver.cluster(topology, cluster);
        Optional<String> desired = turn == Turn.on ? Optional.of(reason) : Optional.empty();
        return new ChangeExecution(cliContext, options, spec, "maintenance")
                .carryOut(topology, context -> List.of(MaintenanceRunbook.book(found, desired)));
    }
}
