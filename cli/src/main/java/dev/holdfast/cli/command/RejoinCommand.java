package dev.holdfast.cli.command;

import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.RoleChangeExecution;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Bring a node back that was left behind by a failover. */
@Command(name = "rejoin", description = "Bring a node back that was left behind by a failover.")
public final class RejoinCommand implements Callable<Integer> {

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Parameters(paramLabel = "NODE", description = "cluster/group/node, as status names it")
    String node;

    @Option(
            names = "--accept-data-loss",
            description =
                    "go on although commits that only this node has may have been acknowledged; their rows are kept")
    boolean acceptDataLoss;

    @Option(names = "--override", paramLabel = "CODE", description = "override one interlock, by the code it gave")
    Set<String> overrides = new LinkedHashSet<>();

    @Option(names = "--dry-run", description = "say what is seen, decided and would be done; change nothing")
    boolean dryRun;

    public RejoinCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() throws IOException {
        return new RoleChangeExecution(cliContext, options, spec, RoleChangeExecution.Kind.REJOIN)
                .carryOut(node, Optional.empty(), acceptDataLoss, overrides, dryRun);
    }
}
