package dev.holdfast.mongodb.rolechange;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.mongodb.state.EmptyVotes;
import dev.holdfast.mongodb.state.FailoverRecord;
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
 * The observed facts by which the table of {@link RejoinDecision} decides about one replica set member.
 *
 * @param set the set's name in commands
 * @param name the name of the member that rejoins
 * @param names the names of all declared members
 * @param standing its state; empty if it is not declared
 * @param process UP or DOWN as its host reports, SILENT if the host does not answer
 * @param directoryOwner the owner of its directory
 * @param primary the primary of the set
 * @param traces the records in its directory
 * @param differs the differences between its entry in the configuration and its declaration
 * @param emptied whether its process has ended and its data directory is empty
 * @param divergence the divergence of its oplog, if it has changes that the primary lacks
 * @param acceptsLoss whether its own changes may be rolled back
 * @param doubted whether it is stopped and can have acknowledged writes that the primary lacks
 */
public record RejoinFacts(
        String set,
        String name,
        List<String> names,
        Optional<MemberStanding> standing,
        NodeAvailability process,
        DirectoryOwner directoryOwner,
        Optional<MemberStanding> primary,
        MemberDirectoryState traces,
        List<String> differs,
        boolean emptied,
        Optional<OplogDivergence> divergence,
        boolean acceptsLoss,
        boolean doubted) {

    private static final long CAUGHT_UP_SECONDS = 10;

    public static RejoinFacts of(RoleChangeState state, String name, boolean acceptsLoss) {
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
                server.map(n -> n.hostFacts().directoryOwner()).orElse(DirectoryOwner.UNKNOWN),
                set.primary()
                        .flatMap(p -> all.stream()
                                .filter(s -> s.node().equals(p.node()))
                                .findFirst()),
                server.map(n -> state.traces(n.node())).orElse(MemberDirectoryState.NONE),
                server.map(n -> differs(set, n)).orElse(List.of()),
                server.filter(NodeState::isEmptied).isPresent(),
                server.flatMap(n -> set.divergence(n.node())),
                acceptsLoss,
                server.filter(EmptyVotes.doubted(set)::contains).isPresent());
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

    /** Returns the member; only for rows below the one that checks its existence. */
    MemberStanding member() {
        return standing.orElseThrow();
    }

    MemberStanding lead() {
        return primary.orElseThrow();
    }

    boolean isPrimary() {
        return standing.isPresent() && standing.equals(primary);
    }

    /** Returns whether it is primary of an old configuration. */
    boolean isStalePrimary() {
        return member().isPrimary() && !isPrimary();
    }

    boolean isDown() {
        return !member().isUp() && process == NodeAvailability.DOWN;
    }

    /** Returns whether it has caught up. A member is SECONDARY even before its rollback; only operations of the primary's term prove the end. */
    boolean hasCaughtUp() {
        MemberStanding member = member();
        if (member.isArbiter()) {
            return member.role().equals("arbiter");
        }
        return member.isSecondary()
                && member.applied().term() >= lead().applied().term()
                && member.lag() <= CAUGHT_UP_SECONDS;
    }

    boolean isBroken() {
        return !traces.broken().isEmpty() && !hasCaughtUp()
                || isAhead()
                || isOfAnotherPrimary()
                || isHidden()
                || isGivenUpUnread();
    }

    /** Returns whether MongoDB would not find where its operations diverge from the primary's. */
    private boolean isHidden() {
        return divergence.filter(OplogDivergence::isHidden).isPresent();
    }

    /** Returns whether the loss of its changes is accepted and its oplog cannot be read, so that a rollback could miss a change. */
    private boolean isGivenUpUnread() {
        return acceptsLoss && isDown() && divergence.filter(d -> !d.isRead()).isPresent();
    }

    /**
     * Returns whether it was left out and knows a later term than the primary. Its configuration and its operations would count
     * as newer, so that the primary would follow it and roll back its own operations.
     */
    boolean isAhead() {
        boolean isOutside = !member().isMember() || isFenced();
        return isOutside
                && !member().isArbiter()
                && !emptied
                && term() > lead().applied().term();
    }

    /**
     * Returns whether it was fenced and can have operations of a term in which the other side has different ones. MongoDB names an
     * operation by its time and term, so a rollback could end at two different operations with one name. A stopped member cannot
     * be compared, and a term that its server log does not show can be such a term.
     */
    private boolean isOfAnotherPrimary() {
        return !member().isArbiter()
                && !emptied
                && isDown()
                && traces.fencedBy()
                        .filter(f -> f.term() != FailoverRecord.UNKNOWN)
                        .filter(f -> term() == 0 || term() > f.term())
                        .isPresent();
    }

    private long term() {
        return Math.max(traces.term(), member().applied().term());
    }

    /** Returns why it cannot continue with its data. */
    String obstacle() {
        if (isHidden()) {
            return divergence.orElseThrow().description();
        }
        if (isGivenUpUnread() && traces.broken().isEmpty() && !isAhead()) {
            return "the oplog of a stopped member cannot be compared";
        }
        if (!isAhead() && isOfAnotherPrimary()) {
            long common = traces.fencedBy().orElseThrow().term();
            return (term() == 0 ? "the server log of the member shows no term" : "the member knows term " + term())
                    + ", and the operations of both sides are known to be the same only up to term " + common
                    + ", so MongoDB can miss the difference";
        }
        return isAhead()
                ? "the member knows term " + term() + " and " + lead().name() + " has term "
                        + lead().applied().term() + ", so " + lead().name() + " would follow the member and roll "
                        + "back its own operations"
                : traces.broken();
    }

    /** Returns whether it does not run and can have changes of its own, so that its data must be compared first. */
    boolean isUncompared() {
        return isDown()
                && (!member().isMember() || doubted)
                && !member().isArbiter()
                && !isFenced()
                && !emptied
                && traces.broken().isEmpty()
                && !acceptsLoss;
    }

    /** Returns whether nothing is known of its changes; a member that was stopped because its loss is accepted has none to show. */
    boolean isComparisonFailed() {
        return divergence.filter(d -> !d.isRead()).isPresent() && !(acceptsLoss && isDown());
    }

    /** Returns whether nothing is known of its changes, and it cannot be started for a comparison. */
    boolean isNotComparable() {
        return isComparisonFailed() && isDown() && !traces.broken().isEmpty();
    }

    boolean isFenced() {
        return !traces.fenced().isEmpty();
    }
}
