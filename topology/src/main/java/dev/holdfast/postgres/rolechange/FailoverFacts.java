package dev.holdfast.postgres.rolechange;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.probe.SyncProof;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ReplicationGap;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The observed facts and the operator's request, by which the table of {@link FailoverDecision} decides. */
public record FailoverFacts(RoleChangeState state, RoleChangeRequest request) {

    String target() {
        return now().cluster().name();
    }

    PostgresState now() {
        return state.now();
    }

    Optional<MemberState> primary() {
        return now().primary();
    }

    MemberState lost() {
        return state.lost().orElseThrow();
    }

    SyncProof inSync() {
        return new SyncProof(state);
    }

    boolean overrides(DecisionCode code) {
        return request.overrides(code);
    }

    private List<MemberState> others() {
        return now().members().stream().filter(m -> m != lost()).toList();
    }

    /**
     * Returns whether a majority of the other members answers or is known to be stopped. Two runs that reach different members
     * cannot both reach a majority; a member that does not answer here can answer another run.
     */
    boolean areMostOthersThere() {
        long there = others().stream().filter(m -> !isUnanswering(m)).count();
        return there * 2 > others().size();
    }

    private static boolean isUnanswering(MemberState member) {
        return member.isOutOfReach() || !member.isUp() && !member.isDown();
    }

    RestartableMembers restartable() {
        return new RestartableMembers(state, request);
    }

    String othersDescription() {
        List<String> unanswering = others().stream()
                .filter(FailoverFacts::isUnanswering)
                .map(MemberState::name)
                .toList();
        return String.join(", ", unanswering) + (unanswering.size() == 1 ? " does" : " do")
                + " not answer either, and another operator could promote one of them: more than half of the "
                + others().size() + " other members must answer";
    }

    String names() {
        return now().members().stream().map(MemberState::name).collect(Collectors.joining(", "));
    }

    boolean isSomeoneUnseen() {
        return now().members().stream().anyMatch(MemberState::isOutOfReach);
    }

    boolean isDone() {
        if (primary().isPresent() && request.to().isPresent()) {
            return primary().get().name().equals(request.to().get());
        }
        if (state.unconfirmed().isPresent()) {
            return true; // an earlier row has refused it, unless the operator has confirmed it
        }
        return primary()
                .filter(p ->
                        state.leaving().filter(l -> !l.name().equals(p.name())).isPresent()
                                || now().members().stream()
                                        .filter(m -> !m.isUp() && m != p)
                                        .anyMatch(m -> m.disk().fence().isPresent()
                                                && m.disk().fence().get().timeline() < p.timeline()))
                .isPresent();
    }

    /** Returns whether a member has a later timeline than the lost primary. */
    Optional<String> hasComeFurther() {
        MemberState lost = lost();
        if (lost.isOutOfReach() || !lost.isDown() || !lost.hasDatabase()) {
            return Optional.empty();
        }
        int timeline = lost.timeline();
        return now().members().stream()
                .filter(m -> m.timeline() > timeline)
                .findFirst()
                .map(m -> m.name() + " is on timeline " + m.timeline() + ", and " + lost.name()
                        + " was primary on timeline " + timeline + ": another member was promoted since then");
    }

    Optional<Duration> sinceLast() {
        return state.lastFailover().map(l -> Duration.between(l.at(), state.at()));
    }

    String description() {
        MemberState lost = lost();
        return lost.name()
                + (lost.isOutOfReach()
                        ? " was fenced manually"
                        : lost.isDown()
                                ? lost.hasDatabase()
                                        ? " is down according to its host"
                                        : " is down, and its data directory no longer exists"
                                : " does not answer: " + RoleChangeProbe.ATTEMPTS + " queries of "
                                        + RoleChangeProbe.LIMIT.toSeconds() + " s each timed out");
    }

    /**
     * Returns the best candidate: the named one; otherwise synchronous standbys first, then by most WAL. Disaster-recovery
     * copies only by name.
     */
    Optional<MemberState> candidate() {
        Comparator<MemberState> best = Comparator.comparing((MemberState m) -> inSync().isProven(m) ? 0 : 1)
                .thenComparing((MemberState m) -> m.server().end(), Comparator.reverseOrder());
        return state.standbys().stream()
                .filter(m -> request.to().map(m.name()::equals).orElse(true))
                .filter(m ->
                        m.member().role() != MemberRole.DR || request.to().isPresent() || isOnlyDisasterRecoveryLeft())
                .min(best);
    }

    /** Returns the number of commits in the lost primary's WAL beyond the candidate's; absent where it cannot be read. */
    OptionalLong mostLost() {
        return candidate()
                .filter(m -> !inSync().isProven(m) && isCompared())
                .map(state::gap)
                .filter(ReplicationGap::isKnown)
                .map(g -> OptionalLong.of(g.commits()))
                .orElse(OptionalLong.empty());
    }

    /** Returns the candidate of an interrupted role change that can have been promoted. */
    Optional<MemberState> unseen() {
        return state.lost().flatMap(state::unseenCandidate);
    }

    /** Returns whether the lost primary's WAL is all that can be lost. */
    private boolean isCompared() {
        return state.uncompared().isEmpty() && unseen().isEmpty();
    }

    private boolean isOnlyDisasterRecoveryLeft() {
        return !request.acceptDataLoss()
                && state.standbys().stream().allMatch(m -> m.member().role() == MemberRole.DR);
    }

    String aDisasterRecoveryCopy() {
        return state.standbys().stream()
                .filter(m -> m.member().role() == MemberRole.DR)
                .map(m -> "; or promote the disaster-recovery standby with holdfast failover " + target() + " --to "
                        + m.name() + given())
                .findFirst()
                .orElse("");
    }

    /** Returns the overrides of the request, as they are typed. */
    private String given() {
        return request.overrides().stream()
                .sorted()
                .map(o -> " --override=" + o)
                .collect(Collectors.joining());
    }

    String accepting() {
        MemberState candidate = candidate().orElseThrow();
        return candidate.member().role() == MemberRole.DR && request.to().isEmpty()
                ? "--to " + candidate.name() + " "
                : "";
    }

    /** Describes the bound of the loss; where the lost primary's WAL cannot be read, only the time bounds it. */
    private String since(MemberState candidate) {
        return "what was committed after "
                + candidate
                        .server()
                        .lastCommit()
                        .map(at -> at + ", the last commit that " + candidate.name() + " has, "
                                + Math.max(0, Duration.between(at, state.at()).toSeconds()) + " s ago")
                        .orElse("the last commit that " + candidate.name() + " has")
                + "; the number of bytes is unknown, because "
                + (unseen().isPresent()
                        ? "the WAL of " + unseen().get().name() + " cannot be read"
                        : state.uncompared().isEmpty()
                                ? "the lost primary's WAL cannot be read"
                                : "several members stopped as primary");
    }

    String bound() {
        MemberState candidate = candidate().orElseThrow();
        return candidate.name() + " can lack acknowledged commits: "
                + inSync().doubt(candidate).orElse("") + "; at most lost: "
                + (state.gap(candidate).isKnown() && isCompared()
                        ? state.gap(candidate).description()
                        : since(candidate));
    }
}
