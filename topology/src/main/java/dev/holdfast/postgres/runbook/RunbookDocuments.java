package dev.holdfast.postgres.runbook;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.engine.RunbookDocument;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Runbook.Planned;
import dev.holdfast.postgres.provision.ProvisionRunbook;
import dev.holdfast.postgres.rolechange.FailoverDecision;
import dev.holdfast.postgres.rolechange.FailoverOperation;
import dev.holdfast.postgres.rolechange.RejoinDecision;
import dev.holdfast.postgres.rolechange.RejoinOperation;
import dev.holdfast.postgres.rolechange.SwitchoverDecision;
import dev.holdfast.postgres.rolechange.SwitchoverOperation;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.state.RoleChangeState.Leaving;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The runbooks of a PostgreSQL cluster, each told on the occasion it is for. */
public record RunbookDocuments(Topology topology, PostgresCluster cluster) {

    private static final String GROUP = PostgresCluster.SERVERS;

    public List<RunbookDocument> all() {
        List<RunbookDocument> all = new ArrayList<>(List.of(birth(), change()));
        Optional<String> heir = standby(MemberRole.SYNC).or(() -> standby(MemberRole.ASYNC));
        heir.ifPresent(h -> {
            all.add(switchover(h));
            all.add(failover(h));
            all.add(rejoin(h));
        });
        standby(MemberRole.DR).ifPresent(d -> all.add(disaster(d)));
        return all;
    }

    private String primary() {
        return cluster.declaredPrimary().node().name();
    }

    private Optional<String> standby(MemberRole part) {
        return cluster.members().stream()
                .skip(1)
                .filter(m -> m.part() == part)
                .map(m -> m.node().name())
                .findFirst();
    }

    private SimulatedState imagined() {
        return new SimulatedState(cluster);
    }

    private SimulatedState healthy() {
        return imagined().healthy(primary());
    }

    private static List<String> words(List<? extends DecisionRule<?, ?>> table) {
        return table.stream().map(DecisionRule::when).toList();
    }

    private static RoleChangeRequest order(Optional<String> to, boolean acceptDataLoss) {
        return new RoleChangeRequest(GROUP, to, acceptDataLoss, Set.of());
    }

    private RunbookDocument birth() {
        Runbook<PostgresState> book = ProvisionRunbook.runbook(topology, cluster);
        return RunbookDocument.birth(
                cluster.name(), RunbookDocument.acts(book, act -> imagined().seen()));
    }

    /** Only the restarts: what else a healthy cluster would need is not a matter of this occasion. */
    private RunbookDocument change() {
        Runbook<PostgresState> book = ProvisionRunbook.runbook(topology, cluster);
        List<Planned> restarts = RunbookDocument.acts(
                        book, act -> healthy().pendingRestart().seen())
                .stream()
                .filter(p -> p.act().equals("restarts"))
                .toList();
        return RunbookDocument.applied(
                "Change a setting of " + cluster.name() + " that needs restarts",
                "A setting that only a restart changes was changed in the topology; here huge_pages, as an example.",
                restarts);
    }

    private RunbookDocument switchover(String heir) {
        Optional<Leaving> leaving = Optional.of(SimulatedState.leaving(primary()));
        return RunbookDocument.of(
                "Switch over " + cluster.name(),
                SwitchoverOperation.maneuver(topology, cluster, order(Optional.empty(), false)),
                "Maintenance of the primary's host, or a primary that shall be elsewhere. All members answer.",
                "switchover " + cluster.name(),
                words(SwitchoverDecision.TABLE),
                act -> switch (act) {
                    case "decision", "preparation", "handover" -> healthy().seen(leaving);
                    case "promotion" -> stopped(heir).seen(leaving);
                    case "record of the failover", "slots", "followers" ->
                        stopped(heir).promoted(heir, false).seen(leaving);
                    default ->
                        stopped(heir).promoted(heir, true).back(primary()).seen(leaving);
                });
    }

    private SimulatedState stopped(String heir) {
        return imagined().lost(primary(), "shut down").fenced(primary(), FenceMark.SWITCHOVER, heir);
    }

    private RunbookDocument failover(String heir) {
        return RunbookDocument.of(
                "Fail over " + cluster.name(),
                FailoverOperation.maneuver(topology, cluster, order(Optional.empty(), false)),
                "The primary's process is gone, as its host says, or it answers no query. Standbys answer.",
                "failover " + cluster.name(),
                words(FailoverDecision.TABLE),
                act -> taken(act, heir));
    }

    private RoleChangeState taken(String act, String heir) {
        Optional<Leaving> leaving = Optional.of(SimulatedState.leaving(primary()));
        return switch (act) {
            case "decision", "fence" ->
                imagined().lost(primary(), "in production").seen(leaving);
            case "promotion" -> fenced(heir).seen(leaving);
            case "record of the failover", "slots", "followers" ->
                fenced(heir).promoted(heir, false).seen(leaving);
            default -> fenced(heir).promoted(heir, true).seen(leaving);
        };
    }

    private SimulatedState fenced(String heir) {
        return imagined().lost(primary(), "in production").fenced(primary(), FenceMark.FAILOVER, heir);
    }

    private RunbookDocument rejoin(String heir) {
        return RunbookDocument.of(
                "Rejoin " + cluster.name() + "/" + GROUP + "/" + primary(),
                RejoinOperation.maneuver(topology, cluster, order(Optional.of(primary()), false)),
                "After a failover: the host of the old primary is sound again, and its data is there.",
                "rejoin " + cluster.name() + "/" + GROUP + "/" + primary(),
                words(RejoinDecision.TABLE),
                act -> switch (act) {
                    case "decision", "slots", "return" ->
                        fenced(heir).promoted(heir, true).seen(Optional.empty());
                    default -> fenced(heir).promoted(heir, true).back(primary()).seen(Optional.empty());
                });
    }

    private RunbookDocument disaster(String copy) {
        List<String> gone = cluster.members().stream()
                .filter(m -> m.part() != MemberRole.DR)
                .map(Member::node)
                .map(n -> n.name())
                .collect(Collectors.toList());
        return RunbookDocument.of(
                "Promote the disaster-recovery copy " + copy + " of " + cluster.name(),
                FailoverOperation.maneuver(topology, cluster, order(Optional.of(copy), true)),
                "The primary and all standbys beside it are lost (" + String.join(", ", gone)
                        + "); only a disaster-recovery copy answers. It may lack acknowledged commits: without"
                        + " --accept-data-loss the command says how many, and changes nothing.",
                "failover " + cluster.name() + " --to " + copy + " --accept-data-loss",
                words(FailoverDecision.TABLE),
                act -> alone(act, copy));
    }

    private RoleChangeState alone(String act, String copy) {
        Optional<Leaving> leaving = Optional.of(SimulatedState.leaving(primary()));
        SimulatedState now = imagined().lost(primary(), "in production").behind();
        cluster.members().stream()
                .skip(1)
                .filter(m -> m.part() != MemberRole.DR)
                .forEach(m -> now.down(m.node().name()));
        return switch (act) {
            case "decision", "fence" -> now.seen(leaving);
            case "promotion" -> now.fenced(primary(), FenceMark.FAILOVER, copy).seen(leaving);
            default ->
                now.fenced(primary(), FenceMark.FAILOVER, copy)
                        .promoted(copy, true)
                        .seen(leaving);
        };
    }
}
