package dev.holdfast.mongodb.state;

import dev.holdfast.mongodb.state.ReplicaSetConfig.MemberShape;
import java.util.List;

/** The votes of members that have lost their data: they can elect a primary that lacks acknowledged writes. */
public final class EmptyVotes {

    private EmptyVotes() {}

    /**
     * Returns the running voters without data that vote, because a person started them: MongoDB lets a new member vote only
     * when its initial sync has ended, but it does not notice that an old one has lost its data.
     */
    public static List<NodeState> copyingVoters(ReplicaSetState set) {
        List<MemberShape> voting = ReplicaSetConfig.of(set.config()).members().stream()
                .filter(m -> m.votes() > 0)
                .toList();
        long unvoting = voting.size() - set.status().number("votingMembersCount");
        List<NodeState> copying = set.all()
                .filter(n -> n.role().equals("startup2"))
                .filter(n ->
                        voting.stream().anyMatch(m -> m.host().equals(n.node().endpoint()) && !m.arbiter()))
                .toList();
        return set.primary().isPresent() && copying.size() > unvoting ? copying : List.of();
    }

    /**
     * Returns stopped members that can have acknowledged writes which the primary lacks. Without the votes of members that had
     * no data when they stopped, the primary has no majority.
     */
    public static List<NodeState> doubted(ReplicaSetState set) {
        if (set.primary().isEmpty()) {
            return List.of();
        }
        List<MemberShape> members = ReplicaSetConfig.of(set.config()).members();
        List<String> voting = members.stream()
                .filter(m -> m.votes() > 0)
                .map(MemberShape::host)
                .toList();
        List<NodeState> voters = set.all()
                .filter(n -> n.answers() && voting.contains(n.node().endpoint()))
                .toList();
        List<NodeState> copying = copyingVoters(set);
        return set.members().stream()
                .filter(n -> !n.answers() && n.hostFacts().isDown() && n.files().hasData() && !n.isFenced())
                .filter(n ->
                        members.stream().anyMatch(m -> m.host().equals(n.node().endpoint()) && !m.arbiter()))
                .filter(n -> voters.stream()
                                .filter(v -> copying.contains(v) || n.files().isOlderThan(v.files()))
                                .count()
                        >= Math.max(1, voters.size() - voting.size() / 2))
                .toList();
    }
}
