package dev.holdfast.mongodb;

import dev.holdfast.model.Node;
import dev.holdfast.world.State;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How one member of a set stands when roles shall change.
 *
 * @param role what it is now: primary, secondary, recovering, ...; empty when it does not answer
 * @param member how the set's configuration has it; empty when it does not
 * @param applied the last operation it has, as it says itself
 * @param lag seconds behind the member that has most; a delay on purpose does not count
 * @param region where it is; empty when not declared
 */
record Standing(Node node, State state, String role, Doc member, Optime applied, long lag, String region) {

    static List<Standing> of(SetSeen set) {
        List<NodeSeen> all = set.all().toList();
        long newest = all.stream().mapToLong(n -> applied(n).seconds()).max().orElse(0);
        return all.stream().map(n -> of(set, n, newest)).collect(Collectors.toList());
    }

    private static Standing of(SetSeen set, NodeSeen server, long newest) {
        Doc member = set.config().docs("members").stream()
                .filter(m -> m.text("host").equals(server.node().endpoint()))
                .findFirst()
                .orElse(Doc.EMPTY);
        Optime applied = applied(server);
        long behind = applied.isKnown() ? newest - applied.seconds() - member.number("secondaryDelaySecs") : 0;
        return new Standing(
                server.node(),
                server.state(),
                server.role(),
                member,
                applied,
                Math.max(0, behind),
                server.node().host().region());
    }

    private static Optime applied(NodeSeen server) {
        return Optime.of(server.heard().status().doc("optimes").doc("appliedOpTime"));
    }

    String name() {
        return node.name();
    }

    boolean isUp() {
        return state == State.UP;
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

    boolean isSecondary() {
        return role.equals("secondary");
    }

    /** The configuration lets it be primary. */
    boolean isElectable() {
        return isMember() && votes() && priority() > 0;
    }

    /** It is at work and may be elected. */
    boolean canBeElected() {
        return isUp() && isSecondary() && isElectable() && delay() == 0;
    }

    @Override
    public String toString() {
        return name() + " ("
                + (isUp()
                        ? role + ", priority " + plain(priority()) + ", " + lag + " s behind"
                        : state == State.DOWN ? "down" : "silent")
                + ")";
    }

    static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    static String names(List<Standing> members) {
        return members.stream().map(Standing::name).collect(Collectors.joining(", "));
    }
}
