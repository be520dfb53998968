package dev.holdfast.cli.command;

import java.io.IOException;
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

    private final Desk desk;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Parameters(paramLabel = "NODE", description = "cluster/group/node, as status names it")
    String node;

    @Option(names = "--dry-run", description = "say what is seen, decided and would be done; change nothing")
    boolean dryRun;

    public RejoinCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException {
        return new RoleChange(desk, options, spec, RoleChange.Kind.REJOIN)
                .carryOut(node, Optional.empty(), false, Set.of(), dryRun);
    }
}
