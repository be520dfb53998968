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
 * All that the decision about a failover depends on.
 *
 * @param set as people name it
 * @param members of the set's newest known configuration
 * @param version of that configuration
 * @param term the highest that any member knows
 * @param given what would be given up, when there is a survivor
 * @param observations which members other servers see at work
 * @param last the last forced failover of the set that anybody knows of
 * @param givenUp members that a forced failover has fenced and that alone hold data now: {@link FencedMemberSteps}
 * @param outside declared members that answer and that the configuration leaves out
 * @param partings of those whose data the primary does not have
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
        List<MemberStanding> outside,
        List<OplogDivergence> partings) {

    /** A set that loses its majority again so soon has a cause that no failover mends. */
    static final Duration WINDOW = Duration.ofHours(1);

    static FailoverFacts of(RoleChangeState state, RoleChangeRequest request) {
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
                FencedMemberSteps.members(set),
                all.stream()
                        .filter(m -> !m.isMember() && m.isUp() && isDeclaredWithData(set, m))
                        .toList(),
                set.partings());
        return bare.survivor().map(s -> bare.giving(state, s)).orElse(bare);
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
                outside,
                partings);
    }

    /** What any member that answers has last heard of another. */
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
     * The set goes on with members that its configuration leaves out: one is asked for, or no member of the configuration
     * can be primary again.
     */
    boolean isOutside() {
        boolean asked = request.to()
                .filter(to -> outside.stream().anyMatch(m -> m.name().equals(to)))
                .isPresent();
        boolean none = members.stream().allMatch(m -> m.state() == NodeAvailability.DOWN || m.isCopying());
        return asked || request.to().isEmpty() && none && !outside.isEmpty();
    }

    /** Only one: apply compares the others with it before they join. */
    private Optional<MemberStanding> chosenOutside() {
        return outside.stream()
                .filter(m ->
                        request.to().isEmpty() || m.name().equals(request.to().get()))
                .max(Comparator.comparing(MemberStanding::applied));
    }

    /** Of the member that has most. */
    OplogDivergence most() {
        return partings.stream()
                .max(Comparator.comparing(OplogDivergence::last))
                .orElseThrow();
    }

    /** Of the member that is asked for. */
    Optional<OplogDivergence> parting() {
        return partings.stream()
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

    /** The one asked for, or else the most advanced of those that may be primary. */
    Optional<MemberStanding> survivor() {
        Comparator<MemberStanding> best =
                Comparator.comparing(MemberStanding::applied).thenComparingDouble(MemberStanding::priority);
        return survivors().stream()
                .filter(m -> isOutside() || m.canBeElected())
                .filter(m ->
                        request.to().isEmpty() || m.name().equals(request.to().get()))
                .max(best);
    }

    /** A survivor that has more than the chosen one. */
    Optional<MemberStanding> ahead() {
        return survivors().stream()
                .filter(m -> m.applied().compareTo(survivor().orElseThrow().applied()) > 0)
                .max(Comparator.comparing(MemberStanding::applied));
    }

    /** The last forced failover was just now, and this is not the same one taken up again. */
    boolean isAgain() {
        return last.filter(f -> f.from() < version && f.at().plus(WINDOW).isAfter(at))
                .isPresent();
    }

    /** Voters that answer and have not all data: they would vote for any candidate. */
    List<MemberStanding> empty() {
        return voters(NodeAvailability.UP).stream()
                .filter(MemberStanding::isCopying)
                .toList();
    }

    /** Members that do not answer here, as others see them. */
    List<PeerObservation> sightings() {
        List<String> lost = lost().stream()
                .filter(m -> !m.isUp())
                .map(m -> m.node().endpoint())
                .toList();
        return observations.stream().filter(s -> lost.contains(s.endpoint())).toList();
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
