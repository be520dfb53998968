package dev.holdfast.mongodb.rolechange;

import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.value.OpTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A member that a forced failover leaves behind, with the greatest possible loss of its writes.
 *
 * @param known its last operation that survivors have observed; NONE if none has
 * @param written the last write to its journal, as its host reports; empty if unknown
 * @param behind the greatest possible lag of the survivor behind it
 */
public record AbandonedMember(MemberStanding member, OpTime known, Optional<Instant> written, Duration behind) {

    /**
     * @param survivor the survivor, which has everything up to its own last operation
     * @param at the time of the observation
     */
    static AbandonedMember of(
            MemberStanding member, MemberStanding survivor, OpTime known, Optional<Instant> written, Instant at) {
        Instant has = Instant.ofEpochSecond(survivor.applied().seconds());
        // a journal is written within a second of the operation; an unreachable member can still write
        Instant last = member.state() == NodeAvailability.DOWN && written.isPresent()
                ? written.get().plusSeconds(1)
                : at;
        Instant latest = Stream.of(last, Instant.ofEpochSecond(known.seconds()))
                .max(Instant::compareTo)
                .get();
        Duration behind = Duration.between(has, latest);
        return new AbandonedMember(member, known, written, behind.isNegative() ? Duration.ZERO : behind);
    }

    /** Returns the fenced members with data, if no other member is known to have any. */
    static List<Node> fenced(ReplicaSetState set) {
        boolean isAnotherThere = set.members().stream()
                .anyMatch(n -> n.answers()
                        || !n.isOutOfReach()
                                && (!n.hostFacts().isDown()
                                        || !n.isFenced() && !n.files().isEmpty()));
        return isAnotherThere
                ? List.of()
                : set.members().stream()
                        .filter(n -> n.isFenced() && n.files().hasData())
                        .map(NodeState::node)
                        .toList();
    }

    /** Returns the members whose hosts do not answer, while only fenced members are known to have data. */
    static List<Node> unheard(ReplicaSetState set) {
        return fenced(set).isEmpty()
                ? List.of()
                : set.members().stream()
                        .filter(NodeState::isOutOfReach)
                        .map(NodeState::node)
                        .toList();
    }

    /** Returns the greatest of all bounds, the limit of the loss. */
    static Duration bound(List<AbandonedMember> all) {
        return all.stream()
                .map(AbandonedMember::behind)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    static String description(List<AbandonedMember> all) {
        return all.stream().map(AbandonedMember::toString).collect(Collectors.joining("; "));
    }

    @Override
    public String toString() {
        return member.name() + " ("
                + (member.isUp() ? member.role() : member.state() == NodeAvailability.DOWN ? "down" : "unreachable")
                + ", last observed at " + known
                + written.map(w -> ", last write at " + w).orElse("") + ")";
    }
}
