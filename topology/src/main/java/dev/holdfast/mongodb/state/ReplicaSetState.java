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
 * The observed state of one replica set.
 *
 * @param members the declared ones, in the order of the topology
 * @param others members of its configuration that are not declared
 * @param users the users of its admin database, if its primary accepts the login
 * @param identity its identity as a shard: shardName, clusterId; empty if it is no shard
 * @param databases the names of databases on its primary
 * @param divergences the divergences of members outside the primary's configuration that have changes of their own
 */
public record ReplicaSetState(
        MongoSet desired,
        List<NodeState> members,
        List<NodeState> others,
        List<MongoDocument> users,
        MongoDocument identity,
        List<String> databases,
        List<OplogDivergence> divergences) {

    public static ReplicaSetState of(MongoSet desired, List<NodeState> members, List<NodeState> others) {
        return new ReplicaSetState(desired, members, others, List.of(), MongoDocument.EMPTY, List.of(), List.of());
    }

    /** Returns the same state with the primary's data, if the primary accepts the login. */
    public ReplicaSetState asked(ExecutionContext context) {
        return primary()
                .filter(p -> !p.login().isAnonymous())
                .map(p -> asked(context, p.node(), p.login(), divergences(context, p)))
                .orElse(this);
    }

    private List<OplogDivergence> divergences(ExecutionContext context, NodeState primary) {
        return context
                .sideBySide(members.stream()
                        .filter(n -> mayPart(n, primary))
                        .<Supplier<Optional<OplogDivergence>>>map(
                                n -> () -> OplogDivergence.between(context, n, primary))
                        .toList())
                .stream()
                .flatMap(Optional::stream)
                .filter(d -> d.isHidden() || !hosts().contains(d.member().endpoint()))
                .toList();
    }

    /**
     * Returns whether a member has data and is outside the primary's configuration, or has joined without its vote. Configured
     * members roll back on their own, but MongoDB can miss the difference.
     */
    private boolean mayPart(NodeState member, NodeState primary) {
        boolean isArbiter = desired.members().stream().anyMatch(m -> m.node().equals(member.node()) && m.arbiter());
        boolean hasNoData = member.isBlank() || member.isNotCreated() || member.isEmptied();
        boolean isOutside = !hosts().contains(member.node().endpoint());
        return (isOutside || isJoining(member))
                && !isArbiter
                && !hasNoData
                && !member.isFenced()
                && !member.node().equals(primary.node());
    }

    private boolean isJoining(NodeState member) {
        boolean hasNoVote = config().docs("members").stream()
                .anyMatch(m -> m.text("host").equals(member.node().endpoint()) && m.number("votes") == 0);
        boolean isDeclaredVoter =
                desired.members().stream().anyMatch(m -> m.node().equals(member.node()) && m.votes() > 0);
        return hasNoVote && isDeclaredVoter && member.isSecondary();
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

    /** Returns the primary with the highest term. */
    public Optional<NodeState> primary() {
        return all().filter(n -> n.isPrimary() && n.setName().equals(name()))
                .max(Comparator.comparing(
                        n -> n.reply().hello().doc("electionId").text("$oid")));
    }

    /** Compares configurations as servers do: the term of a forced configuration is unknown and ignored. */
    private static MongoDocument newer(MongoDocument one, MongoDocument other) {
        boolean byTerm =
                one.number("term") > 0 && other.number("term") > 0 && one.number("term") != other.number("term");
        String key = byTerm ? "term" : "version";
        return other.number(key) > one.number(key) ? other : one;
    }

    /** Returns the primary's configuration, or otherwise the newest of any member; empty if no member has one. */
    public MongoDocument config() {
        return primary()
                .map(p -> p.reply().config())
                .filter(c -> !c.isEmpty())
                .orElseGet(() -> all().map(n -> n.reply().config())
                        .filter(c -> !c.isEmpty())
                        .reduce(ReplicaSetState::newer)
                        .orElse(MongoDocument.EMPTY));
    }

    /**
     * Returns declared members outside a forced configuration that have not shown that they know it. Servers compare a forced
     * configuration by its version alone, until a usual reconfiguration gives it the term of its primary. Then the former
     * configuration of such a member wins if its term is later: the set would follow that member and roll back its own operations.
     * A member that is removed, or whose configuration names no member of the forced one, sends its configuration to none of them.
     */
    public List<NodeState> unaware() {
        MongoDocument config = config();
        boolean isForced = primary().isPresent() && !config.isEmpty() && config.number("term") <= 0;
        return isForced ? members.stream().filter(n -> isUnaware(n, config)).toList() : List.of();
    }

    private boolean isUnaware(NodeState member, MongoDocument config) {
        boolean isOutside = !hosts().contains(member.node().endpoint());
        boolean hasNone = member.isBlank() || member.isNotCreated() || member.isEmptied();
        MongoDocument own = member.reply().config();
        boolean isApart = own.docs("members").stream().map(m -> m.text("host")).noneMatch(hosts()::contains);
        boolean knows = own.isEmpty()
                ? member.setName().isEmpty()
                : member.role().equals("removed") || isApart || own.number("version") >= config.number("version");
        return isOutside && !hasNone && !member.isFenced() && !(member.answers() && knows);
    }

    /** Returns the status from the primary, or otherwise from any member. */
    public MongoDocument status() {
        return primary()
                .map(p -> p.reply().status())
                .filter(s -> s.has("members"))
                .orElseGet(() -> all().map(n -> n.reply().status())
                        .filter(s -> s.has("members"))
                        .findFirst()
                        .orElse(MongoDocument.EMPTY));
    }

    /** Returns the entry of one member in the set's status; empty if it is no member. */
    MongoDocument member(Node node) {
        return status().docs("members").stream()
                .filter(m -> m.text("name").equals(node.endpoint()))
                .findFirst()
                .orElse(MongoDocument.EMPTY);
    }

    /** Returns whether every host of its members answers. */
    public boolean isReached() {
        return members.stream().noneMatch(NodeState::isOutOfReach);
    }

    /** Returns whether any member has a configuration of this set. */
    public boolean isInitiated() {
        return !config().isEmpty() || all().anyMatch(n -> !n.setName().isEmpty());
    }

    /**
     * Returns whether members of this set answer and accept no login from here. Its configuration, users and shards are then
     * unknown, and not absent.
     */
    public boolean isUnread() {
        return config().isEmpty()
                && members.stream()
                        .anyMatch(n -> n.answers()
                                && !n.isArbiter()
                                && !n.setName().isEmpty()
                                && n.login().isAnonymous());
    }

    /** Returns whether every declared member is empty, so that initiation cannot destroy data. */
    public boolean isUntouched() {
        return members.stream().allMatch(n -> n.isNotCreated() || n.isBlank());
    }

    public Optional<OplogDivergence> divergence(Node member) {
        return divergences.stream().filter(p -> p.member().equals(member)).findFirst();
    }

    /** Returns the endpoints in its configuration. */
    public List<String> hosts() {
        return config().docs("members").stream().map(m -> m.text("host")).toList();
    }

    public List<String> desiredHosts() {
        return desired.nodes().stream().map(Node::endpoint).toList();
    }
}
