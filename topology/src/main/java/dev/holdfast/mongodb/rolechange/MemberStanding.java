package dev.holdfast.mongodb.rolechange;

import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.mongodb.value.OpTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The observed state of one replica set member before a role change.
 *
 * @param role its present role: primary, secondary, recovering, ...; empty if it does not answer
 * @param member its entry in the set's configuration; empty if it has none
 * @param applied its last operation, as it reports
 * @param lag seconds behind the most advanced member, without a declared delay
 * @param region its region; empty if not declared
 * @param remedy what an operator does, if it runs and refuses connections
 * @param endless how long it has been in a catch-up that does not end; empty otherwise
 */
public record MemberStanding(
        Node node,
        NodeAvailability state,
        String role,
        MongoDocument member,
        OpTime applied,
        long lag,
        String region,
        Optional<String> remedy,
        Optional<Duration> endless) {

    static List<MemberStanding> of(ReplicaSetState set) {
        List<NodeState> all = set.all().toList();
        long newest = all.stream().mapToLong(n -> applied(n).seconds()).max().orElse(0);
        return all.stream().map(n -> of(set, n, newest)).collect(Collectors.toList());
    }

    private static MemberStanding of(ReplicaSetState set, NodeState server, long newest) {
        MongoDocument member = set.config().docs("members").stream()
                .filter(m -> m.text("host").equals(server.node().endpoint()))
                .findFirst()
                .orElse(MongoDocument.EMPTY);
        OpTime applied = applied(server);
        long behind = applied.isKnown() ? newest - applied.seconds() - member.number("secondaryDelaySecs") : 0;
        return new MemberStanding(
                server.node(),
                server.state(),
                // its reply to hello is that of a secondary then
                server.catchUp().isPresent() ? NodeState.IN_CATCH_UP : server.role(),
                member,
                applied,
                Math.max(0, behind),
                server.node().host().region(),
                server.errorRemedy(),
                server.catchUp().filter(t -> server.isCatchUpStuck()));
    }

    private static OpTime applied(NodeState server) {
        return OpTime.of(server.reply().status().doc("optimes").doc("appliedOpTime"));
    }

    String name() {
        return node.name();
    }

    boolean isUp() {
        return state == NodeAvailability.UP;
    }

    boolean isMember() {
        return !member.isEmpty();
    }

    boolean votes() {
        return member.number("votes") > 0;
    }

    double priority() {
        return isArbiter() ? 0 : member.decimal("priority");
    }

    boolean isArbiter() {
        return member.is("arbiterOnly");
    }

    boolean isHidden() {
        return member.is("hidden");
    }

    long delay() {
        return member.number("secondaryDelaySecs");
    }

    boolean isPrimary() {
        return role.equals("primary");
    }

    /** Returns whether it was elected and fetches writes of other members before it accepts writes. */
    boolean isInCatchUp() {
        return role.equals(NodeState.IN_CATCH_UP);
    }

    boolean isSecondary() {
        return role.equals("secondary");
    }

    /** Returns whether it runs an initial sync or has no data. */
    boolean isCopying() {
        return List.of("startup2", "blank").contains(role);
    }

    /** Returns whether the configuration allows it to be primary. */
    boolean isElectable() {
        return isMember() && votes() && priority() > 0;
    }

    /** Returns whether it is healthy and eligible. */
    boolean canBeElected() {
        return isUp() && isSecondary() && isElectable() && delay() == 0;
    }

    @Override
    public String toString() {
        return name() + " ("
                + (isUp()
                        ? role + ", priority " + plain(priority()) + ", " + lag + " s behind"
                        : state == NodeAvailability.DOWN ? "down" : "unreachable")
                + ")";
    }

    static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    static String names(List<MemberStanding> members) {
        return members.stream().map(MemberStanding::name).collect(Collectors.joining(", "));
    }
}
