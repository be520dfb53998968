package dev.holdfast.cli.command;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Maintenance;
import dev.holdfast.engine.Maneuver;
import dev.holdfast.engine.Order;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** What switchover, failover and rejoin share: find the target, decide, say or do it. */
final class RoleChange {

    /** Which of the three it is. */
    enum Kind {
        SWITCHOVER,
        FAILOVER,
        REJOIN
    }

    private final Desk desk;
    private final CommonOptions options;
    private final CommandSpec spec;
    private final Kind kind;

    RoleChange(Desk desk, CommonOptions options, CommandSpec spec, Kind kind) {
        this.desk = desk;
        this.options = options;
        this.spec = spec;
        this.kind = kind;
    }

    /** @param target {@code cluster}, {@code cluster/group} or, for rejoin, {@code cluster/group/node} */
    int carryOut(String target, Optional<String> to, boolean acceptDataLoss, Set<String> overrides, boolean dryRun)
            throws IOException {
        Topology topology = Estate.load(options, desk).topology();
        String[] parts = target.split("/", 3);
        Cluster cluster = Targets.cluster(topology, parts[0]);
        String group = parts.length > 1 ? parts[1] : "";
        if (!group.isEmpty()
                && cluster.groups().stream().noneMatch(g -> g.name().equals(group))) {
            throw unknownGroup(cluster, group);
        }
        Optional<String> node = parts.length > 2 ? Optional.of(parts[2]) : to;
        Maneuver<?> maneuver = maneuver(topology, cluster, new Order(group, node, acceptDataLoss, overrides));
        Maneuvers maneuvers = new Maneuvers(
                desk, options, spec, name(), kind != Kind.REJOIN && !overrides.contains(Maintenance.OVERRIDE));
        return dryRun ? maneuvers.tell(topology, List.of(maneuver)) : maneuvers.perform(topology, List.of(maneuver));
    }

    private Maneuver<?> maneuver(Topology topology, Cluster cluster, Order order) {
        Engine engine = Estate.engine(cluster);
        return switch (kind) {
            case SWITCHOVER -> engine.switchover(topology, cluster, order);
            case FAILOVER -> engine.failover(topology, cluster, order);
            case REJOIN -> engine.rejoin(topology, cluster, order);
        };
    }

    private String name() {
        return kind.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static Trouble unknownGroup(Cluster cluster, String name) {
        String names = cluster.groups().stream()
                .map(g -> cluster.name() + "/" + g.name())
                .collect(Collectors.joining(", "));
        return new Trouble(
                Exit.USAGE, cluster.name() + "/" + name, "no group is called that", "the groups are: " + names);
    }
}
