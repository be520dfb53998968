package dev.holdfast.postgres.provision;

import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.SplitBrain;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What must hold of the members together: one primary, one origin, one line of descent. */
final class PrimaryConsistencyCheck {

    private final PostgresCluster cluster;

    PrimaryConsistencyCheck(PostgresCluster cluster) {
        this.cluster = cluster;
    }

    List<Refusal> refusals(PostgresState state) {
        if (new SplitBrain(state).isThere()) {
            return List.of(splitBrain(state));
        }
        List<Refusal> refusals = new ArrayList<>();
        different(
                        state,
                        "system identifiers",
                        "a member of another cluster is among them",
                        MemberState::systemIdentifier)
                .ifPresent(refusals::add);
        different(
                        state,
                        "major versions",
                        "members of one cluster have one version; upgrade or re-clone the other",
                        m -> m.major() == 0 ? "" : Integer.toString(m.major()))
                .ifPresent(refusals::add);
        refusals.addAll(leader(state));
        return refusals;
    }

    private Refusal splitBrain(PostgresState state) {
        SplitBrain split = new SplitBrain(state);
        return new Refusal(cluster.name(), split.sentence(), split.hint(), split.exit());
    }

    private Optional<Refusal> different(
            PostgresState state, String what, String hint, Function<MemberState, String> which) {
        Map<String, List<MemberState>> by = new LinkedHashMap<>();
        state.members().stream()
                .filter(m -> m.hasDatabase() && !which.apply(m).isEmpty())
                .forEach(m -> by.computeIfAbsent(which.apply(m), k -> new ArrayList<>())
                        .add(m));
        if (by.size() <= 1) {
            return Optional.empty();
        }
        String names = by.entrySet().stream()
                .map(e -> description(e.getValue(), MemberState::name) + " has " + e.getKey())
                .collect(Collectors.joining("; "));
        return Optional.of(new Refusal(cluster.name(), "different " + what + ": " + names, hint));
    }

    /** Who is primary, or would be when started, must be known, and must be nobody whom another has overtaken. */
    private List<Refusal> leader(PostgresState state) {
        if (state.members().stream().anyMatch(MemberState::isOutOfReach)
                && state.primary().isEmpty()) {
            String stopped = state.leader()
                    .filter(l -> !l.isOutOfReach() && l.hasDatabase())
                    .map(l -> " --to " + l.name())
                    .orElse("");
            return state.members().stream()
                    .filter(MemberState::isOutOfReach)
                    .map(m -> outOfReach(m, stopped))
                    .toList();
        }
        if (state.leader().isEmpty()) {
            return List.of(noLeader(state));
        }
        MemberState leader = state.leader().get();
        List<Refusal> refusals = new ArrayList<>(behind(state, leader));
        fenced(leader).ifPresent(refusals::add);
        return refusals;
    }

    private static Refusal outOfReach(MemberState member, String to) {
        return new Refusal(
                member.node().id(),
                member.hostFacts().unknown(member.node()) + ", and no primary was seen: it may be there ("
                        + member.hostTrouble() + ")",
                member.hostFacts().isUnclear()
                        ? "holdfast failover " + member.node().cluster() + to
                                + " asks further, and ends what is left of an earlier server"
                        : "make the host answer; or switch it off and make sure that it stays off, then holdfast failover "
                                + member.node().cluster() + to + " --override=" + DecisionCode.FENCED_BY_HAND,
                ExitCode.UNREACHABLE);
    }

    private Refusal noLeader(PostgresState state) {
        List<MemberState> were = state.members().stream()
                .filter(MemberState::wasPrimary)
                .sorted(Comparator.comparingInt(MemberState::timeline).reversed())
                .toList();
        if (were.size() > 1) {
            return new Refusal(
                    cluster.name(),
                    "several members were primary when they stopped: "
                            + description(were, m -> m.name() + " on timeline " + m.timeline()),
                    "start the right one with "
                            + description(were, m -> "holdfast failover " + cluster.name() + " --to " + m.name())
                                    .replace(", ", " or "));
        }
        return new Refusal(
                cluster.name(),
                "no member is or was primary, but "
                        + description(
                                state.members().stream()
                                        .filter(MemberState::hasDatabase)
                                        .toList(),
                                MemberState::name)
                        + " hold its data; a new cluster is not made beside them",
                "promote one with holdfast failover " + cluster.name());
    }

    /** A stopped primary must not be started when another member has come further than its timeline. */
    private static List<Refusal> behind(PostgresState state, MemberState leader) {
        if (!leader.isDown() || !leader.hasDatabase()) {
            return List.of();
        }
        return state.others()
                .filter(m -> m.hasDatabase() && m.timeline() > leader.timeline())
                .map(m -> new Refusal(
                        leader.node().id(),
                        "it was primary on timeline " + leader.timeline() + ", but " + m.name() + " is on timeline "
                                + m.timeline() + ": somebody was promoted since",
                        "start that primary first; this one comes back with holdfast rejoin "
                                + leader.node().id()))
                .toList();
    }

    /** A fenced primary is never started as a primary; what fenced it is gone through to its end instead. */
    private Optional<Refusal> fenced(MemberState leader) {
        return leader.disk()
                .fence()
                .filter(f -> !leader.isUp() && !f.isRestore())
                .map(f -> new Refusal(
                        leader.node().id(),
                        "it is not started as primary: " + f.description() + ", and nobody is primary yet",
                        "go on with holdfast " + (f.isSwitchover() ? "switchover " : "failover ") + cluster.name()));
    }

    private static String description(List<MemberState> members, Function<MemberState, String> how) {
        return members.stream().map(how).collect(Collectors.joining(", "));
    }
}
