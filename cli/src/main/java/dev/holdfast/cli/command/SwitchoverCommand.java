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

/** The command {@code switchover}: moves the primary role as planned work, without loss or refused. */
@Command(
        name = "switchover",
        description = "Move the primary role as planned work: without loss, or refused.",
        footer = {"  holdfast switchover payments", "  holdfast switchover social/shard-a --to b1 --dry-run"})
public final class SwitchoverCommand implements Callable<Integer> {

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Parameters(paramLabel = "TARGET", description = "cluster or cluster/group, e.g. payments, social/shard-a")
    String target;

    @Option(names = "--to", paramLabel = "NODE", description = "the node to promote")
    String to;

    @Option(
            names = "--override",
            paramLabel = "CODE",
            description = "override one precondition by the code in its refusal")
    Set<String> overrides = new LinkedHashSet<>();

    @Option(names = "--dry-run", description = "show the observed state, the decision and the steps; change nothing")
    boolean dryRun;

    public SwitchoverCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() throws IOException {
        return new RoleChangeExecution(cliContext, options, spec, RoleChangeExecution.Kind.SWITCHOVER)
                .carryOut(target, Optional.ofNullable(to), false, overrides, dryRun);
    }
}
