package dev.holdfast.mongodb.state;

import static dev.holdfast.mongodb.action.ServerQueries.find;
import static dev.holdfast.mongodb.action.ServerQueries.reply;

import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCluster.Role;
import dev.holdfast.mongodb.value.MongoDocument;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What one replica set says of itself.
 *
 * @param members the declared ones, in the order of the topology
 * @param others members of its configuration that are not declared
 * @param users the users of its admin database, when it has a primary that lets us in
 * @param identity what makes it a shard of a cluster: shardName, clusterId; empty when it is none
 * @param databases the names of databases on its primary
 * @param partings of members that the primary's configuration leaves out and that have changes the primary lacks
 */
public record ReplicaSetState(
        MongoSet desired,
        List<NodeState> members,
        List<NodeState> others,
        List<MongoDocument> users,
        MongoDocument identity,
        List<String> databases,
        List<OplogDivergence> partings) {

    public static ReplicaSetState of(MongoSet desired, List<NodeState> members, List<NodeState> others) {
        return new ReplicaSetState(desired, members, others, List.of(), MongoDocument.EMPTY, List.of(), List.of());
    }

    /** The same with what its primary tells, when there is one that lets us in. */
    public ReplicaSetState asked(ExecutionContext context) {
        return primary()
                .filter(p -> !p.login().isAnonymous())
                .map(p -> asked(context, p.node(), p.login(), partings(context, p)))
                .orElse(this);
    }

    private List<OplogDivergence> partings(ExecutionContext context, NodeState primary) {
        return context
                .sideBySide(members.stream()
                        .filter(n -> mayPart(n, primary))
                        .<Supplier<Optional<OplogDivergence>>>map(
                                n -> () -> OplogDivergence.between(context, n, primary))
                        .toList())
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** It holds data, and the primary's configuration does not have it: members of that roll back by themselves. */
    private boolean mayPart(NodeState member, NodeState primary) {
        boolean isArbiter = desired.members().stream().anyMatch(m -> m.node().equals(member.node()) && m.arbiter());
        boolean hasNoData = member.isBlank() || member.isUnborn() || EmptyMembers.is(member);
        boolean isOutside = !hosts().contains(member.node().endpoint());
        return isOutside
                && !isArbiter
                && !hasNoData
                && !member.isFenced()
                && !member.node().equals(primary.node());
    }

    private ReplicaSetState asked(
            ExecutionContext context, Node node, Credentials login, List<OplogDivergence> parted) {
        List<MongoDocument> found = reply(context, node, login, "users.json").docs("users");
        if (desired.role() != Role.SHARD) {
            return new ReplicaSetState(desired, members, others, found, MongoDocument.EMPTY, List.of(), parted);
        }
        MongoDocument shard = find(context, node, login, "admin", "shard-identity.json").stream()
                .findFirst()
                .orElse(MongoDocument.EMPTY);
        List<String> names = reply(context, node, login, "databases.json").docs("databases").stream()
                .map(d -> d.text("name"))
                .toList();
        return new ReplicaSetState(desired, members, others, found, shard, names, parted);
    }

    public String name() {
        return desired.name();
    }

    public Stream<NodeState> all() {
        return Stream.concat(members.stream(), others.stream());
    }

    /** The one that calls itself primary in the highest term. */
    public Optional<NodeState> primary() {
        return all().filter(n -> n.isPrimary() && n.setName().equals(name()))
                .max(Comparator.comparing(
                        n -> n.reply().hello().doc("electionId").text("$oid")));
    }

    /** As servers compare them: the term of a configuration that was forced is not known, and counts for nothing. */
    private static MongoDocument newer(MongoDocument one, MongoDocument other) {
        boolean byTerm =
                one.number("term") > 0 && other.number("term") > 0 && one.number("term") != other.number("term");
        String key = byTerm ? "term" : "version";
        return other.number(key) > one.number(key) ? other : one;
    }

    /** The primary's configuration, or else the newest that any member shows; empty when none has one. */
    public MongoDocument config() {
        return primary()
                .map(p -> p.reply().config())
                .filter(c -> !c.isEmpty())
                .orElseGet(() -> all().map(n -> n.reply().config())
                        .filter(c -> !c.isEmpty())
                        .reduce(ReplicaSetState::newer)
                        .orElse(MongoDocument.EMPTY));
    }

    /** The primary's view, or else that of any member. */
    public MongoDocument status() {
        return primary()
                .map(p -> p.reply().status())
                .filter(s -> s.has("members"))
                .orElseGet(() -> all().map(n -> n.reply().status())
                        .filter(s -> s.has("members"))
                        .findFirst()
                        .orElse(MongoDocument.EMPTY));
    }

    /** How the set sees one of its members; empty when it is none. */
    MongoDocument member(Node node) {
        return status().docs("members").stream()
                .filter(m -> m.text("name").equals(node.endpoint()))
                .findFirst()
                .orElse(MongoDocument.EMPTY);
    }

    /** Every host of its members answers. */
    public boolean isReached() {
        return members.stream().noneMatch(NodeState::isOutOfReach);
    }

    /** Somebody knows that this set exists. */
    public boolean isInitiated() {
        return !config().isEmpty() || all().anyMatch(n -> !n.setName().isEmpty());
    }

    /** Every declared member is unborn or blank, so that initiating can destroy nothing. */
    public boolean isUntouched() {
        return members.stream().allMatch(n -> n.isUnborn() || n.isBlank());
    }

    public Optional<OplogDivergence> parting(Node member) {
        return partings.stream().filter(p -> p.member().equals(member)).findFirst();
    }

    /** The endpoints in its configuration. */
    public List<String> hosts() {
        return config().docs("members").stream().map(m -> m.text("host")).toList();
    }

    public List<String> desiredHosts() {
        return desired.nodes().stream().map(Node::endpoint).toList();
    }
}
