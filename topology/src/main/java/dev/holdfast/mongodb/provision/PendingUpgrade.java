package dev.holdfast.mongodb.provision;

import dev.holdfast.mongodb.state.MemberHealth;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import java.util.Optional;

/** Whether servers of a cluster are to get another program, and what a set waits for before its turn. */
final class PendingUpgrade {

    private PendingUpgrade() {}

    /** Returns whether a server of the set runs another program than the declared one. */
    static boolean isPending(MongoState state, ReplicaSetState set) {
        return set.members().stream()
                .anyMatch(n -> n.otherProgram(state.cluster()).isPresent());
    }

    /** Returns whether any server of the cluster does. */
    static boolean isPending(MongoState state) {
        return state.servers().anyMatch(n -> n.otherProgram(state.cluster()).isPresent());
    }

    /** Returns why no server gets another program now, where a set must wait; empty if all sets can be upgraded. */
    static Optional<String> blocker(MongoState state) {
        return state.sets().stream()
                .filter(s -> isToBeRead(state, s))
                .flatMap(s -> blocker(state, s).stream())
                .findFirst();
    }

    /** Returns whether the set has another program, or can have one on a host that does not answer. */
    static boolean isToBeRead(MongoState state, ReplicaSetState set) {
        return isPending(state, set) || !set.isReached();
    }

    static Optional<String> blocker(MongoState state, ReplicaSetState set) {
        String trouble = "";
        if (!set.isReached()) {
            trouble = "every host of " + set.name() + " answers";
        } else if (set.members().stream().anyMatch(NodeState::isFenced)) {
            trouble = "no member of " + set.name() + " is fenced"; // the others have no majority during a restart
        } else if (!MemberHealth.lacking(set).isEmpty()) {
            trouble = "all members of " + set.name() + " are healthy";
        }
        return trouble.isEmpty()
                ? Optional.empty()
                : Optional.of(state.lane(set) + ": the upgrade waits until " + trouble);
    }
}
