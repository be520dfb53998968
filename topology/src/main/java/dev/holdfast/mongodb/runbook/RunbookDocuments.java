package dev.holdfast.mongodb.runbook;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.engine.RunbookDocument;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.provision.ProvisionRunbook;
import dev.holdfast.mongodb.rolechange.FailoverDecision;
import dev.holdfast.mongodb.rolechange.FailoverOperation;
import dev.holdfast.mongodb.rolechange.RejoinDecision;
import dev.holdfast.mongodb.rolechange.RejoinOperation;
import dev.holdfast.mongodb.rolechange.SwitchoverDecision;
import dev.holdfast.mongodb.rolechange.SwitchoverOperation;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.ReplicaSetConfig.MemberShape;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.SingleSetScope;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Runbook.Planned;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The written runbooks of a MongoDB cluster, one for each situation, such as a failover. */
public record RunbookDocuments(Topology topology, MongoCluster cluster) {

    private static final String FENCE = "2000-01-01T00:00:00Z forced failover to another from configuration 1";

    public List<RunbookDocument> all() {
        List<RunbookDocument> all = new ArrayList<>(List.of(firstDeployment(), change()));
        for (MongoSet set : cluster.allSets()) {
            if (electable(set).size() > 1) {
                all.add(switchover(set));
            }
            if (lost(set).size() < set.members().size() && !lost(set).isEmpty()) {
                all.add(failover(set));
                all.add(rejoin(set));
            }
        }
        return all;
    }

    private static List<Member> electable(MongoSet set) {
        return set.members().stream()
                .filter(m -> m.priority() > 0 && m.votes() > 0 && !m.arbiter())
                .toList();
    }

    /** Returns enough voters that the remaining ones are no majority, from the first on; the last eligible member remains. */
    private static List<Node> lost(MongoSet set) {
        List<Member> may = electable(set);
        Node left = may.get(may.size() - 1).node();
        int count = set.voters().size() - set.voters().size() / 2;
        return set.voters().stream()
                .map(Member::node)
                .filter(n -> !n.equals(left))
                .limit(count)
                .toList();
    }

    private String target(MongoSet set) {
        return cluster.name() + "/" + set.name();
    }

    private static RoleChangeRequest request(MongoSet set, Optional<String> to, boolean acceptDataLoss) {
        return new RoleChangeRequest(set.name(), to, acceptDataLoss, Set.of());
    }

    private SingleSetScope alone(MongoSet set) {
        return SingleSetScope.of(topology, cluster, request(set, Optional.empty(), false));
    }

    private SimulatedState healthy(MongoSet set) {
        SingleSetScope alone = alone(set);
        return SimulatedState.healthy(alone.topology(), alone.cluster());
    }

    private RunbookDocument firstDeployment() {
        Runbook<MongoState> runbook = ProvisionRunbook.of(topology, cluster);
        return RunbookDocument.firstDeployment(
                cluster.name(),
                RunbookDocument.stages(
                        runbook,
                        stage -> SimulatedState.nothing(topology, cluster).state()));
    }

    /** Returns only the restarts; other differences of a healthy cluster do not belong to this occasion. */
    private RunbookDocument change() {
        Runbook<MongoState> runbook = ProvisionRunbook.of(topology, cluster);
        List<Planned> restarts =
                RunbookDocument.stages(
                                runbook,
                                stage -> SimulatedState.healthy(topology, cluster)
                                        .pendingRestart()
                                        .state())
                        .stream()
                        .filter(p -> Set.of("options", "routers").contains(p.stage()))
                        .toList();
        return RunbookDocument.applied(
                "Change an option of " + cluster.name() + " that needs restarts",
                "The topology declares a new value for an option that needs a restart. The example is net.maxIncomingConnections.",
                restarts);
    }

    private RunbookDocument switchover(MongoSet set) {
        return RunbookDocument.of(
                "Switch over " + target(set),
                SwitchoverOperation.of(topology, cluster, request(set, Optional.empty(), false)),
                "The primary's host needs maintenance, or another member must be primary. A majority of the members answers.",
                "switchover " + target(set),
                RunbookDocument.Row.of(SwitchoverDecision.TABLE),
                stage -> healthy(set).state());
    }

    private RunbookDocument failover(MongoSet set) {
        return RunbookDocument.of(
                "Fail over " + target(set) + " after the loss of a majority",
                FailoverOperation.of(topology, cluster, request(set, Optional.empty(), true)),
                "A majority of the voters is permanently lost. If a majority remains, the set elects a primary on its own:"
                        + " the command reports this and changes nothing. Without --accept-data-loss it reports the possible loss.",
                "failover " + target(set) + " --accept-data-loss",
                RunbookDocument.Row.of(FailoverDecision.TABLE),
                stage -> broken(set).roles());
    }

    private SimulatedState broken(MongoSet set) {
        SimulatedState now = healthy(set).leaderless();
        lost(set).forEach(n -> now.down(n, ""));
        return now;
    }

    private RunbookDocument rejoin(MongoSet set) {
        Node node = lost(set).get(0);
        return RunbookDocument.of(
                "Rejoin " + target(set) + "/" + node.name(),
                RejoinOperation.of(topology, cluster, request(set, Optional.of(node.name()), false)),
                "After a forced failover, the host of a member that was left behind works again, and its data exists.",
                "rejoin " + target(set) + "/" + node.name(),
                RunbookDocument.Row.of(RejoinDecision.TABLE),
                stage -> switch (stage) {
                    case "stop", "data", "membership", "start" ->
                        given(set, node).down(node, FENCE).undeclared(node).roles();
                    case "catch up" ->
                        given(set, node)
                                .member(node, withoutVote(set, node))
                                .syncing(node)
                                .roles();
                    default ->
                        given(set, node).member(node, withoutVote(set, node)).roles();
                });
    }

    /** Returns the members that were left behind, without the one that rejoins. */
    private SimulatedState given(MongoSet set, Node coming) {
        SimulatedState now = healthy(set);
        lost(set).stream()
                .filter(n -> !n.equals(coming))
                .forEach(n -> now.down(n, FENCE).undeclared(n));
        return now;
    }

    private static MemberShape withoutVote(MongoSet set, Node node) {
        MemberShape declared = set.members().stream()
                .filter(m -> m.node().equals(node))
                .map(MemberShape::of)
                .findFirst()
                .orElseThrow();
        return new MemberShape(
                declared.host(), 0, 0, declared.hidden(), declared.arbiter(), declared.delay(), declared.tags());
    }
}
