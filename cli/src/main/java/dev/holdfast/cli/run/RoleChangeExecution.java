package dev.holdfast.cli.run;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Operation;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Topology;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** What switchover, failover and rejoin share: find the target, decide, and show or execute the decision. */
public final class RoleChangeExecution {

    /** The kind of operation. */
    public enum Kind {
        SWITCHOVER,
        FAILOVER,
        REJOIN
    }

    private final CliContext cliContext;
    private final CommonOptions options;
    private final CommandSpec spec;
    private final Kind kind;

    public RoleChangeExecution(CliContext cliContext, CommonOptions options, CommandSpec spec, Kind kind) {
        this.cliContext = cliContext;
        this.options = options;
        this.spec = spec;
        this.kind = kind;
    }

    /** @param target {@code cluster}, {@code cluster/group} or, for rejoin, {@code cluster/group/node} */
    public int carryOut(
            String target, Optional<String> to, boolean acceptDataLoss, Set<String> overrides, boolean dryRun)
            throws IOException {
        Topology topology = LoadedEstate.load(options, cliContext).topology();
        String[] parts = target.split("/", 3);
        Cluster cluster = TargetResolver.cluster(topology, parts[0]);
        String group = parts.length > 1 ? parts[1] : "";
        if (!group.isEmpty()
                && cluster.groups().stream().noneMatch(g -> g.name().equals(group))) {
            throw unknownGroup(cluster, group);
        }
        Optional<String> node = parts.length > 2 ? Optional.of(parts[2]) : to;
        RoleChangeRequest request =
                new RoleChangeRequest(group, node, acceptDataLoss, FormerOverrides.replaced(spec, name(), overrides));
        Operation<?> operation = operation(topology, cluster, request);
        OperationExecution operations = new OperationExecution(
                        cliContext,
                        options,
                        spec,
                        name(),
                        kind != Kind.REJOIN && !request.overrides(DecisionCode.MAINTENANCE))
                .of(target);
        return dryRun
                ? operations.print(topology, List.of(operation))
                : operations.perform(topology, List.of(operation));
    }

    private Operation<?> operation(Topology topology, Cluster cluster, RoleChangeRequest request) {
        Engine engine = LoadedEstate.engine(cluster);
        return switch (kind) {
            case SWITCHOVER -> engine.switchover(topology, cluster, request);
            case FAILOVER -> engine.failover(topology, cluster, request);
            case REJOIN -> engine.rejoin(topology, cluster, request);
        };
    }

    private String name() {
        return kind.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static HoldfastException unknownGroup(Cluster cluster, String name) {
        String names = cluster.groups().stream()
                .map(g -> cluster.name() + "/" + g.name())
                .collect(Collectors.joining(", "));
        return new HoldfastException(
                ExitCode.USAGE, cluster.name() + "/" + name, "unknown group", "the groups are: " + names);
    }
}
