package dev.holdfast.mongodb.rolechange;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.mongodb.state.EmptyMembers;
import dev.holdfast.mongodb.state.MemberDirectoryState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.OplogDivergence;
import dev.holdfast.mongodb.state.ReplicaSetConfig.MemberShape;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.state.RoleChangeState;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import java.util.List;
import java.util.Optional;

/**
 * All that the decision about a rejoin depends on.
 *
 * @param set as people name it
 * @param name of the member that shall come back
 * @param names of all declared members
 * @param standing how it stands; empty when no such member is declared
 * @param process UP or DOWN as its host says, SILENT when that does not answer
 * @param ground whose its directory is
 * @param primary of the set it shall come back to
 * @param traces what its directory tells
 * @param differs how the set's configuration has it otherwise than declared
 * @param emptied its process is gone and its data directory is empty
 * @param parting where its oplog and the primary's part, when it has changes that the primary lacks
 * @param acceptsLoss its own changes may be rolled back
 */
public record RejoinFacts(
        String set,
        String name,
        List<String> names,
        Optional<MemberStanding> standing,
        NodeAvailability process,
        DirectoryOwner ground,
        Optional<MemberStanding> primary,
        MemberDirectoryState traces,
        List<String> differs,
        boolean emptied,
        Optional<OplogDivergence> parting,
        boolean acceptsLoss) {

    private static final long CAUGHT_UP_SECONDS = 10;

    static RejoinFacts of(RoleChangeState state, String name, boolean acceptsLoss) {
        ReplicaSetState set = state.set();
        List<MemberStanding> all = MemberStanding.of(set);
        Optional<NodeState> server =
                set.members().stream().filter(n -> n.node().name().equals(name)).findFirst();
        Optional<MemberStanding> standing =
                all.stream().filter(s -> s.name().equals(name)).findFirst();
        return new RejoinFacts(
                state.mongo().lane(set),
                name,
                set.members().stream().map(n -> n.node().name()).toList(),
                server.isPresent() ? standing : Optional.empty(),
                server.map(n -> n.hostFacts().process()).orElse(NodeAvailability.SILENT),
                server.map(n -> n.hostFacts().ground()).orElse(DirectoryOwner.UNKNOWN),
                set.primary()
                        .flatMap(p -> all.stream()
                                .filter(s -> s.node().equals(p.node()))
                                .findFirst()),
                server.map(n -> state.traces(n.node())).orElse(MemberDirectoryState.NONE),
                server.map(n -> differs(set, n)).orElse(List.of()),
                server.filter(EmptyMembers::is).isPresent(),
                server.flatMap(n -> set.parting(n.node())),
                acceptsLoss);
    }

    private static List<String> differs(ReplicaSetState set, NodeState server) {
        Member desired = set.desired().members().stream()
                .filter(m -> m.node().equals(server.node()))
                .findFirst()
                .orElseThrow();
        return set.config().docs("members").stream()
                .filter(m -> m.text("host").equals(server.node().endpoint()))
                .findFirst()
                .map(m -> MemberShape.of(m).against(MemberShape.of(desired)))
                .orElse(List.of());
    }

    /** Only for rows below the one that asks whether there is any. */
    MemberStanding member() {
        return standing.orElseThrow();
    }

    MemberStanding lead() {
        return primary.orElseThrow();
    }

    boolean isPrimary() {
        return standing.isPresent() && standing.equals(primary);
    }

    /** It takes itself for the primary of a configuration that the set has left. */
    boolean isStalePrimary() {
        return member().isPrimary() && !isPrimary();
    }

    boolean isDown() {
        return !member().isUp() && process == NodeAvailability.DOWN;
    }

    /** A member shows SECONDARY before it rolls back: only what it has of the primary's term tells that it has done so. */
    boolean isAtWork() {
        MemberStanding member = member();
        if (member.isArbiter()) {
            return member.role().equals("arbiter");
        }
        return member.isSecondary()
                && member.applied().term() >= lead().applied().term()
                && member.lag() <= CAUGHT_UP_SECONDS;
    }

    boolean isBroken() {
        return !traces.broken().isEmpty() && !isAtWork();
    }

    /** It was left out without a failover, and only a server that runs shows what it has. */
    boolean isUncompared() {
        return isDown()
                && !member().isMember()
                && !member().isArbiter()
                && !isFenced()
                && !emptied
                && traces.broken().isEmpty()
                && !acceptsLoss;
    }

    boolean isFenced() {
        return !traces.fenced().isEmpty();
    }
}
