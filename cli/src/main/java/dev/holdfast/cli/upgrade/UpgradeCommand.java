package dev.holdfast.cli.upgrade;

import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.cli.run.OperationExecution;
import dev.holdfast.cli.run.TargetResolver;
import dev.holdfast.engine.Operation;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Topology;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code upgrade}: shows whether an upgrade can be finished, and finishes it. */
@Command(
        name = "upgrade",
        description = "Show whether the upgrade of a MongoDB cluster can be finished; with --finish, raise its feature"
                + " compatibility version. apply changes the programs: declare other binaries.",
        footer = {"  holdfast upgrade social", "  holdfast upgrade social --finish"})
public final class UpgradeCommand implements Callable<Integer> {

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Parameters(paramLabel = "CLUSTER", description = "the cluster, e.g. social")
    String cluster;

    @Option(
            names = "--finish",
            description = "raise the feature compatibility version to that of the running program; afterwards only a"
                    + " restore of an older backup returns to an older release")
    boolean finish;

    @Option(names = "--dry-run", description = "show the observed state, the decision and the steps; change nothing")
    boolean dryRun;

    public UpgradeCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() throws IOException {
        Topology topology = LoadedEstate.load(options, cliContext).topology();
        Cluster found = TargetResolver.cluster(topology, cluster);
        List<Operation<?>> operation = List.of(LoadedEstate.engine(found).finishUpgrade(topology, found));
        OperationExecution execution = new OperationExecution(cliContext, options, spec, "upgrade");
        return finish && !dryRun ? execution.perform(topology, operation) : execution.print(topology, operation);
    }
}
