package dev.holdfast.mongodb;

import dev.holdfast.engine.Chapter;
import dev.holdfast.engine.Order;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.MongoCluster.Member;
import dev.holdfast.mongodb.MongoCluster.MongoSet;
import dev.holdfast.mongodb.SetShape.MemberShape;
import dev.holdfast.plan.Rule;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Runbook.Planned;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The runbooks of a MongoDB cluster, each told on the occasion it is for. */
record MongoChapters(Topology topology, MongoCluster cluster) {

    private static final String FENCE = "2000-01-01T00:00:00Z forced failover to another from configuration 1";

    List<Chapter> all() {
        List<Chapter> all = new ArrayList<>(List.of(birth(), change()));
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

    private static List<String> words(List<? extends Rule<?, ?>> table) {
        return table.stream().map(Rule::when).toList();
    }

    private String target(MongoSet set) {
        return cluster.name() + "/" + set.name();
    }

    private static Order order(MongoSet set, Optional<String> to, boolean acceptDataLoss) {
        return new Order(set.name(), to, acceptDataLoss, Set.of());
    }

    private LoneSet alone(MongoSet set) {
        return LoneSet.of(topology, cluster, order(set, Optional.empty(), false));
    }

    private Imagined healthy(MongoSet set) {
        LoneSet alone = alone(set);
        return Imagined.healthy(alone.topology(), alone.cluster());
    }

    private Chapter birth() {
        Runbook<MongoSeen> book = MongoProvision.of(topology, cluster);
        return Chapter.birth(
                cluster.name(),
                Chapter.acts(book, act -> Imagined.nothing(topology, cluster).seen()));
    }

    /** Only the restarts: what else a healthy cluster would need is not a matter of this occasion. */
    private Chapter change() {
        Runbook<MongoSeen> book = MongoProvision.of(topology, cluster);
        List<Planned> restarts =
                Chapter.acts(
                                book,
                                act -> Imagined.healthy(topology, cluster)
                                        .pendingRestart()
                                        .seen())
                        .stream()
                        .filter(p -> Set.of("options", "routers").contains(p.act()))
                        .toList();
        return Chapter.applied(
                "Change an option of " + cluster.name() + " that needs restarts",
                "An option that only a restart changes was changed in the topology; here net.maxIncomingConnections, as an"
                        + " example.",
                restarts);
    }

    private Chapter switchover(MongoSet set) {
        return Chapter.of(
                "Switch over " + target(set),
                MongoSwitchover.of(topology, cluster, order(set, Optional.empty(), false)),
                "Maintenance of the primary's host, or a primary that shall be elsewhere. A majority answers.",
                "switchover " + target(set),
                words(SwitchoverRules.TABLE),
                act -> healthy(set).seen());
    }

    private Chapter failover(MongoSet set) {
        return Chapter.of(
                "Fail over " + target(set) + ", a majority of which is lost",
                MongoFailover.of(topology, cluster, order(set, Optional.empty(), true)),
                "A majority of the voters is lost for good. While a majority is left, the set elects a primary by itself, and"
                        + " the command says so and changes nothing; without --accept-data-loss it says what would be given up.",
                "failover " + target(set) + " --accept-data-loss",
                words(FailoverRules.TABLE),
                act -> broken(set).roles());
    }

    private Imagined broken(MongoSet set) {
        Imagined now = healthy(set).leaderless();
        lost(set).forEach(n -> now.down(n, ""));
        return now;
    }

    private Chapter rejoin(MongoSet set) {
        Node node = lost(set).get(0);
        return Chapter.of(
                "Rejoin " + target(set) + "/" + node.name(),
                MongoRejoin.of(topology, cluster, order(set, Optional.of(node.name()), false)),
                "After a forced failover: the host of a member that was given up is sound again, and its data is there.",
                "rejoin " + target(set) + "/" + node.name(),
                words(RejoinRules.TABLE),
                act -> switch (act) {
                    case "stop", "data", "membership", "start" ->
                        given(set, node).down(node, FENCE).stranger(node).roles();
                    case "catch up" ->
                        given(set, node)
                                .member(node, mute(set, node))
                                .syncing(node)
                                .roles();
                    default -> given(set, node).member(node, mute(set, node)).roles();
                });
    }

    /** All that were given up but one are still gone. */
    private Imagined given(MongoSet set, Node coming) {
        Imagined now = healthy(set);
        lost(set).stream()
                .filter(n -> !n.equals(coming))
                .forEach(n -> now.down(n, FENCE).stranger(n));
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
