package dev.holdfast.cli.command;

import dev.holdfast.cli.run.ChangeExecution;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.cli.run.TargetResolver;
import dev.holdfast.engine.Engine;
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
                + " refused until the maintenance ends. The record is on the cluster's hosts; status shows it."
                + " With failover: automatic, Patroni is paused meanwhile.",
        footer = {"  holdfast maintenance on payments --reason 'storage work'", "  holdfast maintenance off payments"})
public final class MaintenanceCommand {

    static final List<String> SUBCOMMANDS = List.of("on", "off");

    @Mixin
    HelpOption help;

    static Object subcommand(String name, CliContext cliContext) {
        return name.equals("on") ? new Begin(cliContext) : new End(cliContext);
    }

    /** One of the two subcommands. */
    private abstract static class Turn implements Callable<Integer> {

        private final CliContext cliContext;

        @Spec
        CommandSpec spec;

        @Mixin
        CommonOptions options;

        @Parameters(paramLabel = "CLUSTER", description = "the cluster, e.g. payments")
        String cluster;

        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                description = "the reason, which status shows to others",
                defaultValue = "")
        String reason;

        Turn(CliContext cliContext) {
            this.cliContext = cliContext;
        }

        /** Returns the reason for maintenance; empty when it ends. */
        abstract Optional<String> desired();

        @Override
        public Integer call() throws IOException {
            Topology topology = LoadedEstate.load(options, cliContext).topology();
            Cluster found = TargetResolver.cluster(topology, cluster);
            Engine engine = LoadedEstate.engine(found);
            return new ChangeExecution(cliContext, options, spec, "maintenance")
                    .carryOut(topology, context -> List.of(engine.maintenance(topology, found, desired())));
        }
    }

    /** The command {@code maintenance on}. */
    @Command(
            name = "on",
            description = "Begin the maintenance of a cluster.",
            footer = "  holdfast maintenance on payments --reason 'storage work'")
    private static final class Begin extends Turn {

        Begin(CliContext cliContext) {
            super(cliContext);
        }

        @Override
        Optional<String> desired() {
            return Optional.of(reason);
        }
    }

    /** The command {@code maintenance off}. */
    @Command(
            name = "off",
            description = "End the maintenance of a cluster.",
            footer = "  holdfast maintenance off payments")
    private static final class End extends Turn {

        End(CliContext cliContext) {
            super(cliContext);
        }

        @Override
        Optional<String> desired() {
            return Optional.empty();
        }
    }
}
