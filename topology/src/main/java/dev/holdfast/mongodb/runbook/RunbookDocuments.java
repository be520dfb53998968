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

/** The runbooks of a MongoDB cluster, each told on the occasion it is for. */
public record RunbookDocuments(Topology topology, MongoCluster cluster) {

    private static final String FENCE = "2000-01-01T00:00:00Z forced failover to another from configuration 1";

    public List<RunbookDocument> all() {
        List<RunbookDocument> all = new ArrayList<>(List.of(birth(), change()));
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

    /** So many voters that those that are left are no majority, beginning with the first; the last electable one is left. */
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

    private RunbookDocument birth() {
        Runbook<MongoState> book = ProvisionRunbook.of(topology, cluster);
        return RunbookDocument.birth(
                cluster.name(),
                RunbookDocument.acts(
                        book, act -> SimulatedState.nothing(topology, cluster).state()));
    }

    /** Only the restarts: what else a healthy cluster would need is not a matter of this occasion. */
    private RunbookDocument change() {
        Runbook<MongoState> book = ProvisionRunbook.of(topology, cluster);
        List<Planned> restarts =
                RunbookDocument.acts(
                                book,
                                act -> SimulatedState.healthy(topology, cluster)
                                        .pendingRestart()
                                        .state())
                        .stream()
                        .filter(p -> Set.of("options", "routers").contains(p.act()))
                        .toList();
        return RunbookDocument.applied(
                "Change an option of " + cluster.name() + " that needs restarts",
                "An option that only a restart changes was changed in the topology; here net.maxIncomingConnections, as an"
                        + " example.",
                restarts);
    }

    private RunbookDocument switchover(MongoSet set) {
        return RunbookDocument.of(
                "Switch over " + target(set),
                SwitchoverOperation.of(topology, cluster, request(set, Optional.empty(), false)),
                "Maintenance of the primary's host, or a primary that shall be elsewhere. A majority answers.",
                "switchover " + target(set),
                RunbookDocument.Row.of(SwitchoverDecision.TABLE),
                act -> healthy(set).state());
    }

    private RunbookDocument failover(MongoSet set) {
        return RunbookDocument.of(
                "Fail over " + target(set) + ", a majority of which is lost",
                FailoverOperation.of(topology, cluster, request(set, Optional.empty(), true)),
                "A majority of the voters is lost for good. While a majority is left, the set elects a primary by itself, and"
                        + " the command says so and changes nothing; without --accept-data-loss it says what would be given up.",
                "failover " + target(set) + " --accept-data-loss",
                RunbookDocument.Row.of(FailoverDecision.TABLE),
                act -> broken(set).roles());
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
                "After a forced failover: the host of a member that was given up is sound again, and its data is there.",
                "rejoin " + target(set) + "/" + node.name(),
                RunbookDocument.Row.of(RejoinDecision.TABLE),
                act -> switch (act) {
                    case "stop", "data", "membership", "start" ->
                        given(set, node).down(node, FENCE).undeclared(node).roles();
                    case "catch up" ->
                        given(set, node)
                                .member(node, mute(set, node))
                                .syncing(node)
                                .roles();
                    default -> given(set, node).member(node, mute(set, node)).roles();
                });
    }

    /** All that were given up but one are still gone. */
    private SimulatedState given(MongoSet set, Node coming) {
        SimulatedState now = healthy(set);
        lost(set).stream()
                .filter(n -> !n.equals(coming))
                .forEach(n -> now.down(n, FENCE).undeclared(n));
        return now;
    }

    private static MemberShape mute(MongoSet set, Node node) {
        MemberShape declared = set.members().stream()
                .filter(m -> m.node().equals(node))
                .map(MemberShape::of)
                .findFirst()
                .orElseThrow();
        return new MemberShape(
                declared.host(), 0, 0, declared.hidden(), declared.arbiter(), declared.delay(), declared.tags());
    }
}
