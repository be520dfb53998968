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

/** The command {@code rejoin}: brings back a node that a failover left behind. */
@Command(
        name = "rejoin",
        description = "Bring back a node that a failover left behind.",
        footer = "  holdfast rejoin payments/servers/a2")
public final class RejoinCommand implements Callable<Integer> {

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Parameters(paramLabel = "NODE", description = "cluster/group/node, as status shows it")
    String node;

    @Option(
            names = "--accept-data-loss",
            description =
                    "continue although commits that only this node has can have been acknowledged; their rows are kept")
    boolean acceptDataLoss;

    @Option(
            names = "--override",
            paramLabel = "CODE",
            description = "override one precondition by the code in its refusal")
    Set<String> overrides = new LinkedHashSet<>();

    @Option(names = "--dry-run", description = "show the observed state, the decision and the steps; change nothing")
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
