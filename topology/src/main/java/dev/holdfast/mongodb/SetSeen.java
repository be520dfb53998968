package dev.holdfast.mongodb;

import static dev.holdfast.mongodb.MongoProbes.find;
import static dev.holdfast.mongodb.MongoProbes.reply;

import dev.holdfast.model.Node;
import dev.holdfast.mongodb.MongoCluster.MongoSet;
import dev.holdfast.mongodb.MongoCluster.Role;
import dev.holdfast.world.Login;
import dev.holdfast.world.World;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one replica set says of itself.
 *
 * @param members the declared ones, in the order of the topology
 * @param others members of its configuration that are not declared
 * @param users the users of its admin database, when it has a primary that lets us in
 * @param identity what makes it a shard of a cluster: shardName, clusterId; empty when it is none
 * @param databases the names of databases on its primary
 */
record SetSeen(
        MongoSet wanted,
        List<NodeSeen> members,
        List<NodeSeen> others,
        List<Doc> users,
        Doc identity,
        List<String> databases) {

    static SetSeen of(MongoSet wanted, List<NodeSeen> members, List<NodeSeen> others) {
        return new SetSeen(wanted, members, others, List.of(), Doc.EMPTY, List.of());
    }

    /** The same with what its primary tells, when there is one that lets us in. */
    SetSeen asked(World world) {
        return primary()
                .filter(p -> !p.login().isNobody())
                .map(p -> asked(world, p.node(), p.login()))
                .orElse(this);
    }

    private SetSeen asked(World world, Node node, Login login) {
        List<Doc> found = reply(world, node, login, "users.json").docs("users");
        if (wanted.role() != Role.SHARD) {
            return new SetSeen(wanted, members, others, found, Doc.EMPTY, List.of());
        }
        Doc shard = find(world, node, login, "admin", "shard-identity.json").stream()
                .findFirst()
                .orElse(Doc.EMPTY);
        List<String> names = reply(world, node, login, "databases.json").docs("databases").stream()
                .map(d -> d.text("name"))
                .toList();
        return new SetSeen(wanted, members, others, found, shard, names);
    }

    String name() {
        return wanted.name();
    }

    Stream<NodeSeen> all() {
        return Stream.concat(members.stream(), others.stream());
    }

    /** The one that calls itself primary in the highest term. */
    Optional<NodeSeen> primary() {
        return all().filter(n -> n.isPrimary() && n.setName().equals(name()))
                .max(Comparator.comparing(
                        n -> n.heard().hello().doc("electionId").text("$oid")));
    }

    /** The primary's configuration, or else the newest that anybody showed; empty when nobody has one. */
    Doc config() {
        Comparator<Doc> newer =
                Comparator.<Doc>comparingLong(c -> c.number("term")).thenComparingLong(c -> c.number("version"));
        return primary()
                .map(p -> p.heard().config())
                .filter(c -> !c.isEmpty())
                .orElseGet(() -> all().map(n -> n.heard().config())
                        .filter(c -> !c.isEmpty())
                        .max(newer)
                        .orElse(Doc.EMPTY));
    }

    /** The primary's view, or else that of any member. */
    Doc status() {
        return primary()
                .map(p -> p.heard().status())
                .filter(s -> !s.isEmpty())
                .orElseGet(() -> all().map(n -> n.heard().status())
                        .filter(s -> !s.isEmpty())
                        .findFirst()
                        .orElse(Doc.EMPTY));
    }

    /** How the set sees one of its members; empty when it is none. */
    Doc member(Node node) {
        return status().docs("members").stream()
                .filter(m -> m.text("name").equals(node.endpoint()))
                .findFirst()
                .orElse(Doc.EMPTY);
    }

    /** Somebody knows that this set exists. */
    boolean isInitiated() {
        return !config().isEmpty() || all().anyMatch(n -> !n.setName().isEmpty());
    }

    /** Every declared member is unborn or blank, so that initiating can destroy nothing. */
    boolean isUntouched() {
        return members.stream().allMatch(n -> n.isUnborn() || n.isBlank());
    }

    /** The endpoints in its configuration. */
    List<String> hosts() {
        return config().docs("members").stream().map(m -> m.text("host")).toList();
    }

    List<String> wantedHosts() {
        return wanted.nodes().stream().map(Node::endpoint).toList();
    }
}
