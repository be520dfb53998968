package dev.holdfast.mongodb.state;

import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.state.ReplicaSetConfig.MemberShape;
import dev.holdfast.plan.Plan.Refusal;
import java.util.List;
import java.util.Optional;

/**
 * Members of an existing set whose data directory is empty: a disk was replaced, wiped or not mounted, or a directory was
 * moved.
 *
 * <p>An empty voter votes for any candidate, also for one that lacks majority-acknowledged writes. So Holdfast does not
 * start it while the set counts its vote. The primary first removes it from the configuration. Then it joins as a new
 * member, and MongoDB gives it a vote when it has copied all data. Without a primary Holdfast does not start it.
 */
public final class EmptyMembers {

    private EmptyMembers() {}

    /** Returns the members whose vote must be removed before they start. */
    public static List<String> voters(ReplicaSetState set) {
        List<String> voting = ReplicaSetConfig.of(set.config()).members().stream()
                .filter(m -> m.votes() > 0)
                .map(MemberShape::host)
                .toList();
        return set.members().stream()
                .filter(NodeState::isEmptied)
                .map(n -> n.node().endpoint())
                .filter(voting::contains)
                .toList();
    }

    /** Returns whether the member must not start now. */
    public static boolean isHeld(ReplicaSetState set, NodeState server) {
        if (EmptyVotes.doubted(set).contains(server)) {
            return true;
        }
        if (!server.isEmptied()) {
            return false;
        }
        return set.primary().isPresent()
                ? voters(set).contains(server.node().endpoint())
                : set.all().anyMatch(n -> n != server && mayHoldData(n));
    }

    /** Returns whether any member is withheld, so that a wait for it cannot succeed. */
    public static boolean isHeld(ReplicaSetState set) {
        return set.members().stream().anyMatch(n -> isHeld(set, n));
    }

    private static boolean mayHoldData(NodeState server) {
        return server.answers() ? !server.isBlank() : !server.files().isEmpty();
    }

    public static List<Refusal> held(MongoState state) {
        return state.sets().stream()
                .filter(s -> s.primary().isEmpty())
                .flatMap(s -> s.members().stream()
                        .filter(n -> !n.isFenced() && isHeld(s, n))
                        .map(n -> held(state, s, n)))
                .toList();
    }

    private static Refusal held(MongoState state, ReplicaSetState set, NodeState server) {
        String name = state.lane(set);
        return new Refusal(
                server.node().id(),
                "the data directory " + server.node().data() + " is empty and " + name + " has no primary, so Holdfast "
                        + "does not start the member: an empty voter could elect a primary that lacks acknowledged writes",
                "make the other members of " + name
                        + " answer, then holdfast apply; if these members are lost, holdfast failover " + name,
                ExitCode.REFUSED);
    }

    /** Returns a member that lost its data while no other member has any: a new set would be empty. */
    public static Optional<NodeState> lost(ReplicaSetState set) {
        boolean nothingLeft = !set.isInitiated() && set.members().stream().noneMatch(EmptyMembers::mayHoldData);
        return set.members().stream()
                .filter(n -> nothingLeft && n.files().data().equals("lost"))
                .findFirst();
    }
}
