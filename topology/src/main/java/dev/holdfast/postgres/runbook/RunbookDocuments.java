package dev.holdfast.postgres.runbook;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.engine.RunbookDocument;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Runbook.Planned;
import dev.holdfast.postgres.automatic.AutomaticProvision;
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

/** The written runbooks of a PostgreSQL cluster, one for each situation, such as a failover. */
public record RunbookDocuments(Topology topology, PostgresCluster cluster) {

    private static final String GROUP = PostgresCluster.SERVERS;

    public List<RunbookDocument> all() {
        if (cluster.automatic().isPresent()) {
            return AutomaticProvision.documents(topology, cluster, simulated().state());
        }
        List<RunbookDocument> all = new ArrayList<>(List.of(firstDeployment(), change()));
        Optional<String> candidate = standby(MemberRole.SYNC).or(() -> standby(MemberRole.ASYNC));
        candidate.ifPresent(h -> {
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

    private Optional<String> standby(MemberRole role) {
        return cluster.members().stream()
                .skip(1)
                .filter(m -> m.role() == role)
                .map(m -> m.node().name())
                .findFirst();
    }

    private SimulatedState simulated() {
        return new SimulatedState(cluster);
    }

    private SimulatedState healthy() {
        return simulated().healthy(primary());
    }

    private static RoleChangeRequest request(Optional<String> to, boolean acceptDataLoss) {
        return new RoleChangeRequest(GROUP, to, acceptDataLoss, Set.of());
    }

    private RunbookDocument firstDeployment() {
        Runbook<PostgresState> runbook = ProvisionRunbook.runbook(topology, cluster);
        return RunbookDocument.firstDeployment(
                cluster.name(),
                RunbookDocument.stages(runbook, stage -> simulated().state()));
    }

    /** Returns only the restarts, because other steps do not belong to this occasion. */
    private RunbookDocument change() {
        Runbook<PostgresState> runbook = ProvisionRunbook.runbook(topology, cluster);
        List<Planned> restarts = RunbookDocument.stages(
                        runbook, stage -> healthy().pendingRestart().state())
                .stream()
                .filter(p -> p.stage().equals("restarts"))
                .toList();
        return RunbookDocument.applied(
                "Change a setting of " + cluster.name() + " that needs restarts",
                "The topology changes a setting that needs a restart; the example is huge_pages.",
                restarts);
    }

    private RunbookDocument switchover(String candidate) {
        Optional<Leaving> leaving = Optional.of(SimulatedState.leaving(primary()));
        return RunbookDocument.of(
                "Switch over " + cluster.name(),
                SwitchoverOperation.operation(topology, cluster, request(Optional.empty(), false)),
                "Maintenance of the primary's host, or a move of the primary. All members answer.",
                "switchover " + cluster.name(),
                RunbookDocument.Row.of(SwitchoverDecision.TABLE),
                stage -> switch (stage) {
                    case "decision", "preparation", "handover" -> healthy().state(leaving);
                    case "promotion" -> stopped(candidate).state(leaving);
                    case "record of the failover", "slots", "followers" ->
                        stopped(candidate).promoted(candidate, false).state(leaving);
                    default ->
                        stopped(candidate)
                                .promoted(candidate, true)
                                .back(primary())
                                .state(leaving);
                });
    }

    private SimulatedState stopped(String candidate) {
        return simulated().lost(primary(), "shut down").fenced(primary(), FenceMark.SWITCHOVER, candidate);
    }

    private RunbookDocument failover(String candidate) {
        return RunbookDocument.of(
                "Fail over " + cluster.name(),
                FailoverOperation.operation(topology, cluster, request(Optional.empty(), false)),
                "The primary's host reports that its process has exited, or the primary answers no query. Standbys answer.",
                "failover " + cluster.name(),
                RunbookDocument.Row.of(FailoverDecision.TABLE),
                stage -> taken(stage, candidate));
    }

    private RoleChangeState taken(String stage, String candidate) {
        Optional<Leaving> leaving = Optional.of(SimulatedState.leaving(primary()));
        return switch (stage) {
            case "decision", "fence" ->
                simulated().lost(primary(), "in production").state(leaving);
            case "promotion" -> fenced(candidate).state(leaving);
            case "record of the failover", "slots", "followers" ->
                fenced(candidate).promoted(candidate, false).state(leaving);
            default -> fenced(candidate).promoted(candidate, true).state(leaving);
        };
    }

    private SimulatedState fenced(String candidate) {
        return simulated().lost(primary(), "in production").fenced(primary(), FenceMark.FAILOVER, candidate);
    }

    private RunbookDocument rejoin(String candidate) {
        return RunbookDocument.of(
                "Rejoin " + cluster.name() + "/" + GROUP + "/" + primary(),
                RejoinOperation.operation(topology, cluster, request(Optional.of(primary()), false)),
                "After a failover: the host of the old primary works again, and its data is intact.",
                "rejoin " + cluster.name() + "/" + GROUP + "/" + primary(),
                RunbookDocument.Row.of(RejoinDecision.TABLE),
                stage -> switch (stage) {
                    case "decision", "slots", "return" ->
                        fenced(candidate).promoted(candidate, true).state(Optional.empty());
                    default ->
                        fenced(candidate)
                                .promoted(candidate, true)
                                .back(primary())
                                .state(Optional.empty());
                });
    }

    private RunbookDocument disaster(String copy) {
        List<String> gone = cluster.members().stream()
                .filter(m -> m.role() != MemberRole.DR)
                .map(Member::node)
                .map(n -> n.name())
                .collect(Collectors.toList());
        return RunbookDocument.of(
                "Promote the disaster-recovery copy " + copy + " of " + cluster.name(),
                FailoverOperation.operation(topology, cluster, request(Optional.of(copy), true)),
                "The primary and all its standbys are lost (" + String.join(", ", gone)
                        + "); only a disaster-recovery copy answers. It can lack acknowledged commits. Without"
                        + " --accept-data-loss, the command reports how many and changes nothing.",
                "failover " + cluster.name() + " --to " + copy + " --accept-data-loss",
                RunbookDocument.Row.of(FailoverDecision.TABLE),
                stage -> alone(stage, copy));
    }

    private RoleChangeState alone(String stage, String copy) {
        Optional<Leaving> leaving = Optional.of(SimulatedState.leaving(primary()));
        SimulatedState now = simulated().lost(primary(), "in production").behind();
        cluster.members().stream()
                .skip(1)
                .filter(m -> m.role() != MemberRole.DR)
                .forEach(m -> now.down(m.node().name()));
        return switch (stage) {
            case "decision", "fence" -> now.state(leaving);
            case "promotion" -> now.fenced(primary(), FenceMark.FAILOVER, copy).state(leaving);
            default ->
                now.fenced(primary(), FenceMark.FAILOVER, copy)
                        .promoted(copy, true)
                        .state(leaving);
        };
    }
}
