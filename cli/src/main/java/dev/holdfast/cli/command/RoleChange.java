package dev.holdfast.cli.command;

import dev.holdfast.cli.view.Data;
import dev.holdfast.cli.view.PlanView;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Maneuver;
import dev.holdfast.engine.Order;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import dev.holdfast.plan.Runbook;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
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
        Cluster cluster = topology.cluster(parts[0]).orElseThrow(() -> unknown(topology, parts[0]));
        String group = parts.length > 1 ? parts[1] : "";
        if (!group.isEmpty()
                && cluster.groups().stream().noneMatch(g -> g.name().equals(group))) {
            throw unknownGroup(cluster, group);
        }
        Optional<String> node = parts.length > 2 ? Optional.of(parts[2]) : to;
        Maneuver<?> maneuver = maneuver(topology, cluster, new Order(group, node, acceptDataLoss, overrides));
        return dryRun ? tell(topology, maneuver) : perform(topology, maneuver);
    }

    private Maneuver<?> maneuver(Topology topology, Cluster cluster, Order order) {
        Engine engine = Estate.engine(cluster);
        return switch (kind) {
            case SWITCHOVER -> engine.switchover(topology, cluster, order);
            case FAILOVER -> engine.failover(topology, cluster, order);
            case REJOIN -> engine.rejoin(topology, cluster, order);
        };
    }

    private int tell(Topology topology, Maneuver<?> maneuver) {
        try (Desk.Hands hands = desk.forLooking(topology, options.parallelism)) {
            Maneuver.Decided decided = maneuver.decide(hands.world());
            List<Runbook.Planned> plans =
                    decided.refusal().isPresent() ? List.of() : maneuver.book().plan(hands.world());
            Map<String, Object> data = Data.result(name() + " --dry-run", topology.name());
            data.put("decision", decided.sentence());
            data.put("because", decided.because());
            data.put("expected_write_pause_ms", decided.pause().toMillis());
            data.put("refusal", decided.refusal().map(Data::of).orElse(null));
            data.put("acts", plans.stream().map(Data::of).toList());
            Told.result(spec, options, data, out -> {
                out.println("decision: " + decided.sentence());
                out.println("because:  " + decided.because());
                if (decided.refusal().isEmpty()) {
                    out.println("expected write pause: about " + decided.pause().toMillis() + " ms");
                    new PlanView(out, spec.commandLine().getColorScheme().ansi(), options.verbose)
                            .print(topology, plans);
                }
            });
            decided.refusal().ifPresent(r -> Refusals.print(spec.commandLine().getErr(), r));
            return decided.refusal().map(r -> r.exit().code()).orElse(Exit.DONE.code());
        }
    }

    private int perform(Topology topology, Maneuver<?> maneuver) throws IOException {
        return new Run(desk, options, spec, name()).carryOut(topology, world -> {
            Maneuver.Decided decided = maneuver.decide(world);
            decided.refusal().ifPresent(r -> {
                throw new Trouble(r.exit(), r.where(), r.what(), r.hint());
            });
            announce(decided);
            if (!options.yes
                    && !maneuver.book().plan(world).stream()
                            .allMatch(p -> p.plan().isEmpty())) {
                Question.yes(
                        desk,
                        spec,
                        decided.sentence() + " because " + decided.because() + ". Go on?",
                        new Trouble(
                                Exit.REFUSED,
                                maneuver.book().cluster(),
                                decided.sentence() + ", and nobody to ask whether to do it",
                                "look at --dry-run, then run again with --yes"));
            }
            return List.of(maneuver.book());
        });
    }

    private void announce(Maneuver.Decided decided) {
        if (!options.quiet) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("decision: " + decided.sentence());
            err.println("because:  " + decided.because());
            err.flush();
        }
    }

    private String name() {
        return kind.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static Trouble unknown(Topology topology, String name) {
        String names = topology.clusters().stream().map(Cluster::name).collect(Collectors.joining(", "));
        return new Trouble(Exit.USAGE, name, "no cluster is called that", "the clusters are: " + names);
    }

    private static Trouble unknownGroup(Cluster cluster, String name) {
        String names = cluster.groups().stream()
                .map(g -> cluster.name() + "/" + g.name())
                .collect(Collectors.joining(", "));
        return new Trouble(
                Exit.USAGE, cluster.name() + "/" + name, "no group is called that", "the groups are: " + names);
    }
}
