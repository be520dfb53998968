package dev.holdfast.mongodb.rolechange;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.state.FailoverRecord;
import dev.holdfast.mongodb.state.OplogDivergence;
import dev.holdfast.mongodb.state.PeerObservation;
import dev.holdfast.mongodb.state.ReplicaSetConfig;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.state.RoleChangeState;
import dev.holdfast.mongodb.value.OpTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The observed facts by which the table of {@link FailoverDecision} decides about a replica set.
 *
 * @param set the set's name in commands
 * @param members the members of the set's newest known configuration
 * @param version the version of that configuration
 * @param term the highest term of any member
 * @param given the members that the failover would leave behind, if a survivor exists
 * @param observations the members that other servers observe as healthy
 * @param last the last recorded forced failover of the set
 * @param givenUp fenced members that are the only ones known to have data
 * @param unheard members whose hosts do not answer, while a member is given up: they can have all later writes
 * @param outside declared members that answer and are not in the configuration
 * @param divergences the divergences of members whose data the primary lacks
 */
public record FailoverFacts(
        String set,
        List<MemberStanding> members,
        long version,
        long term,
        List<AbandonedMember> given,
        List<PeerObservation> observations,
        Optional<FailoverRecord> last,
        RoleChangeRequest request,
        Duration electionTimeout,
        Instant at,
        List<Node> givenUp,
        List<Node> unheard,
        List<MemberStanding> outside,
        List<OplogDivergence> divergences) {

    /** The time in which a second failover needs an override: a set that loses its majority so soon has another problem. */
    static final Duration WINDOW = Duration.ofHours(1);

    public static FailoverFacts of(RoleChangeState state, RoleChangeRequest request) {
        ReplicaSetState set = state.set();
        List<MemberStanding> all = MemberStanding.of(set);
        List<MemberStanding> members =
                all.stream().filter(MemberStanding::isMember).toList();
        FailoverFacts bare = new FailoverFacts(
                state.mongo().lane(set),
                members,
                set.config().number("version"),
                set.all()
                        .mapToLong(n -> n.reply().status().number("term"))
                        .max()
                        .orElse(0),
                List.of(),
                Stream.concat(PeerObservation.byMembers(set).stream(), state.sightings().stream())
                        .toList(),
                state.traces().values().stream()
                        .flatMap(t -> t.failovers().stream())
                        .max(Comparator.comparing(FailoverRecord::at)),
                request,
                Duration.ofMillis(ReplicaSetConfig.of(set.config()).electionMillis()),
                state.at(),
                AbandonedMember.fenced(set),
                AbandonedMember.unheard(set),
                all.stream()
                        .filter(m -> !m.isMember() && m.isUp() && isDeclaredWithData(set, m))
                        .toList(),
                set.divergences());
        return bare.survivor().map(s -> bare.giving(state, s)).orElse(bare);
    }

    /** Returns whether the given-up members are to be started: no other member can have data, and the operator accepts the loss. */
    boolean isRevival() {
        return !givenUp.isEmpty() && unheard.isEmpty() && request.acceptDataLoss();
    }

    private static boolean isDeclaredWithData(ReplicaSetState set, MemberStanding standing) {
        return standing.applied().isKnown()
                && set.desired().members().stream()
                        .anyMatch(m -> m.node().equals(standing.node()) && m.priority() > 0 && !m.arbiter());
    }

    private FailoverFacts giving(RoleChangeState state, MemberStanding survivor) {
        List<AbandonedMember> up = new ArrayList<>();
        for (MemberStanding lost : lost()) {
            if (!lost.isArbiter()) {
                Optional<Instant> written = state.traces(lost.node()).written();
                OpTime known = lost.isUp() ? lost.applied() : lastKnownOpTime(state, lost.node());
                up.add(AbandonedMember.of(lost, survivor, known, written, at));
            }
        }
        return new FailoverFacts(
                set,
                members,
                version,
                term,
                up,
                this.observations,
                last,
                request,
                electionTimeout,
                at,
                givenUp,
                unheard,
                outside,
                divergences);
    }

    /** Returns the last operation of a member that any answering member has observed. */
    private static OpTime lastKnownOpTime(RoleChangeState state, Node node) {
        return state.set()
                .all()
                .flatMap(n -> n.reply().status().docs("members").stream())
                .filter(m -> m.text("name").equals(node.endpoint()))
                .map(m -> OpTime.of(m.doc("optime")))
                .max(Comparator.naturalOrder())
                .orElse(OpTime.NONE);
    }

    Optional<MemberStanding> primary() {
        return members.stream().filter(MemberStanding::isPrimary).max(Comparator.comparing(MemberStanding::applied));
    }

    /** Returns the member that a majority has elected and that accepts no writes yet. */
    Optional<MemberStanding> elected() {
        return voters(NodeAvailability.UP).size() < majority()
                ? Optional.empty()
                : members.stream()
                        .filter(MemberStanding::isInCatchUp)
                        .max(Comparator.comparing(MemberStanding::applied));
    }

    /** Returns what an operator does about a member that runs and refuses connections. */
    Optional<String> remedy() {
        return members.stream().flatMap(m -> m.remedy().stream()).findFirst();
    }

    List<MemberStanding> voters() {
        return members.stream().filter(MemberStanding::votes).toList();
    }

    List<MemberStanding> voters(NodeAvailability state) {
        return voters().stream().filter(m -> m.state() == state).toList();
    }

    long majority() {
        return voters().size() / 2 + 1;
    }

    /**
     * Returns whether the set continues with members outside its configuration: one is requested, or no configured member
     * can become primary.
     */
    boolean isOutside() {
        boolean asked = request.to()
                .filter(to -> outside.stream().anyMatch(m -> m.name().equals(to)))
                .isPresent();
        boolean none = members.stream()
                .allMatch(m -> m.state() == NodeAvailability.DOWN || m.isCopying() || m.isUp() && !m.isElectable());
        return asked || request.to().isEmpty() && none && !outside.isEmpty();
    }

    /** Returns at most one member: apply compares the others with it before they join. */
    private Optional<MemberStanding> chosenOutside() {
        return outside.stream()
                .filter(m ->
                        request.to().isEmpty() || m.name().equals(request.to().get()))
                .max(Comparator.comparing(MemberStanding::applied));
    }

    /** Returns whether a member has changes that the primary lacks; one that does not answer is left out, and named at the end. */
    boolean isDiverged() {
        return divergences.stream().anyMatch(OplogDivergence::isRead);
    }

    /** Returns the divergence of the most advanced member. */
    OplogDivergence most() {
        return divergences.stream()
                .filter(OplogDivergence::isRead)
                .max(Comparator.comparing(OplogDivergence::last))
                .orElseThrow();
    }

    /** Returns the divergence of the requested member. */
    Optional<OplogDivergence> divergence() {
        return divergences.stream()
                .filter(p -> request.to().filter(p.member().name()::equals).isPresent())
                .findFirst();
    }

    List<MemberStanding> survivors() {
        return isOutside()
                ? chosenOutside().stream().toList()
                : members.stream().filter(MemberStanding::isUp).toList();
    }

    List<MemberStanding> lost() {
        return isOutside() ? members : members.stream().filter(m -> !m.isUp()).toList();
    }

    /** Returns the requested member, or otherwise the most advanced eligible member. */
    Optional<MemberStanding> survivor() {
        Comparator<MemberStanding> best =
                Comparator.comparing(MemberStanding::applied).thenComparingDouble(MemberStanding::priority);
        return survivors().stream()
                .filter(m -> isOutside() || m.canBeElected())
                .filter(m ->
                        request.to().isEmpty() || m.name().equals(request.to().get()))
                .max(best);
    }

    /** Returns a survivor that is ahead of the chosen one. */
    Optional<MemberStanding> ahead() {
        return survivors().stream()
                .filter(m -> m.applied().compareTo(survivor().orElseThrow().applied()) > 0)
                .max(Comparator.comparing(MemberStanding::applied));
    }

    /** Returns whether the last forced failover was recent and is not the present one continued. */
    boolean isAgain() {
        return last.filter(f -> f.from() < version && f.at().plus(WINDOW).isAfter(at))
                .isPresent();
    }

    /** Returns whether a voter answers that has data and that the configuration allows to be primary. */
    boolean canElect() {
        return voters(NodeAvailability.UP).stream().anyMatch(m -> m.isElectable() && !m.isCopying());
    }

    /** Returns voters that answer and lack data: they would vote for any candidate. */
    List<MemberStanding> empty() {
        return voters(NodeAvailability.UP).stream()
                .filter(MemberStanding::isCopying)
                .toList();
    }

    /** Returns the voters with data that do not answer. */
    List<MemberStanding> unanswering() {
        return voters().stream().filter(m -> !m.isUp() && !m.isArbiter()).toList();
    }

    /** Returns whether the primary can have been elected by members without data. */
    boolean isPrimaryByEmptyVotes() {
        int up = voters(NodeAvailability.UP).size();
        return !empty().isEmpty()
                && up >= majority()
                && up - empty().size() < majority()
                && !unanswering().isEmpty();
    }

    /**
     * Returns the observations by others of members that do not answer here. A node that did not say what it observes is no
     * reason to doubt the report of a host that a member has exited.
     */
    List<PeerObservation> sightings() {
        List<MemberStanding> lost = lost().stream().filter(m -> !m.isUp()).toList();
        return observations.stream()
                .filter(s -> lost.stream()
                        .filter(m -> s.isKnown() || m.state() == NodeAvailability.SILENT)
                        .anyMatch(m -> m.node().endpoint().equals(s.endpoint())))
                .toList();
    }

    List<PeerObservation> sightings(NodeAvailability state, boolean primary) {
        List<String> those = members.stream()
                .filter(m -> m.state() == state)
                .map(m -> m.node().endpoint())
                .toList();
        return observations.stream()
                .filter(s -> s.primary() == primary && those.contains(s.endpoint()))
                .toList();
    }

    boolean overrides(DecisionCode code) {
        return request.overrides(code);
    }
}
