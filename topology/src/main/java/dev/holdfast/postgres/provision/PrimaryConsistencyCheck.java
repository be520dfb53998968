package dev.holdfast.postgres.provision;

import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.RoleSuccession;
import dev.holdfast.postgres.state.SplitBrain;
import dev.holdfast.postgres.state.UnrecordedPromotion;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Checks that the members have one primary, one system identifier, one major version and one timeline history. */
final class PrimaryConsistencyCheck {

    private final PostgresCluster cluster;

    PrimaryConsistencyCheck(PostgresCluster cluster) {
        this.cluster = cluster;
    }

    List<Refusal> refusals(PostgresState state) {
        if (state.splitBrain().isThere()) {
            return List.of(splitBrain(state));
        }
        UnrecordedPromotion promotion = state.unrecorded();
        if (promotion.unseen().isPresent()) {
            return List.of(new Refusal(cluster.name(), promotion.sentence(), promotion.hint(), ExitCode.UNREACHABLE));
        }
        List<Refusal> refusals = new ArrayList<>();
        different(
                        state,
                        "system identifiers",
                        "remove the member that belongs to another cluster",
                        MemberState::systemIdentifier)
                .ifPresent(refusals::add);
        different(
                        state,
                        "major versions",
                        "all members of a cluster need one major version; upgrade or re-clone the other members",
                        m -> m.major() == 0 ? "" : Integer.toString(m.major()))
                .ifPresent(refusals::add);
        refusals.addAll(leader(state));
        return refusals;
    }

    private Refusal splitBrain(PostgresState state) {
        SplitBrain split = state.splitBrain();
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

    /** Refuses when the primary is unknown, or when another member has a later timeline than the primary. */
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
        if (refusals.isEmpty()) {
            replaced(state, leader).ifPresent(refusals::add);
        }
        fenced(leader).ifPresent(refusals::add);
        return refusals;
    }

    private static Refusal outOfReach(MemberState member, String to) {
        return new Refusal(
                member.node().id(),
                member.hostFacts().unknown(member.node())
                        + ", and no primary was observed: this member possibly runs as primary (" + member.hostTrouble()
                        + ")",
                member.hostFacts().isUnclear()
                        ? "holdfast failover " + member.node().cluster() + to
                                + " queries further, and removes the remains of an earlier server"
                        : "make the host answer; or switch the host off, make sure that it stays off, then run holdfast failover "
                                + member.node().cluster() + to + " --override=" + DecisionCode.FENCED_BY_HAND,
                ExitCode.UNREACHABLE);
    }

    private Refusal noLeader(PostgresState state) {
        List<MemberState> were = state.members().stream()
                .filter(MemberState::wasPrimary)
                .sorted(Comparator.comparingInt(MemberState::timeline).reversed())
                .toList();
        Optional<MemberState> hangs = were.stream().filter(m -> !m.isDown()).findFirst();
        if (were.size() > 1 && hangs.isPresent()) {
            return new Refusal(
                    hangs.get().node().id(),
                    "the member possibly runs as primary, because its process exists but does not answer",
                    "wait until the member answers, or replace it with holdfast failover " + cluster.name(),
                    ExitCode.UNREACHABLE);
        }
        RoleSuccession succession = new RoleSuccession(state.newestRecord(), state.branches());
        if (were.size() > 1) {
            return new Refusal(
                    cluster.name(),
                    "several members stopped as primary: "
                            + description(
                                    were,
                                    m -> m.name() + " on timeline " + m.timeline()
                                            + (succession.branches().isEmpty()
                                                    ? ""
                                                    : " with " + succession.ownCommits(m))),
                    "start one of these members with "
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
                        + " have data; Holdfast does not create a new cluster next to this data",
                "promote one with holdfast failover " + cluster.name());
    }

    /** A stopped primary must not start when another member is on a later timeline. */
    private static List<Refusal> behind(PostgresState state, MemberState leader) {
        if (!leader.isDown() || !leader.hasDatabase()) {
            return List.of();
        }
        return state.others()
                .filter(m -> m.hasDatabase() && m.timeline() > leader.timeline() && !state.isGivenUp(m))
                .map(m -> new Refusal(
                        leader.node().id(),
                        "the member was primary on timeline " + leader.timeline() + ", but " + m.name()
                                + " is on timeline " + m.timeline() + ": another member was promoted since",
                        "start that primary first; then return this member with holdfast rejoin "
                                + leader.node().id()))
                .toList();
    }

    /** A stopped primary must not start when the history shows a later primary whose data directory is missing. */
    private static Optional<Refusal> replaced(PostgresState state, MemberState leader) {
        if (!leader.isDown() || !leader.hasDatabase() || leader.disk().fence().isPresent()) {
            return Optional.empty();
        }
        return state.newestRecord()
                .filter(l -> !l.primary().equals(leader.name()) && l.timeline() > leader.timeline())
                .filter(l -> state.members().stream().anyMatch(m -> m.name().equals(l.primary()) && !m.hasDatabase()))
                .map(l -> new Refusal(
                        leader.node().id(),
                        "the member was primary on timeline " + leader.timeline() + ". According to the history of "
                                + l.at() + ", " + l.primary() + " was primary on timeline " + l.timeline()
                                + ", and its data directory is missing: later commits would be lost",
                        "restore the data directory of " + l.primary()
                                + ", then run holdfast apply; to see what a start "
                                + "of " + leader.name() + " would lose, run holdfast failover "
                                + leader.node().cluster() + " --to " + leader.name(),
                        ExitCode.WOULD_LOSE_DATA));
    }

    /** A fenced primary never starts as primary; the operation that fenced it must be completed instead. */
    private Optional<Refusal> fenced(MemberState leader) {
        return leader.disk()
                .fence()
                .filter(f -> !leader.isUp() && !f.isRestore())
                .map(f -> new Refusal(
                        leader.node().id(),
                        "the member does not start as primary: " + f.description() + ", and no member is primary yet",
                        "continue with holdfast " + (f.isSwitchover() ? "switchover " : "failover ") + cluster.name()));
    }

    private static String description(List<MemberState> members, Function<MemberState, String> how) {
        return members.stream().map(how).collect(Collectors.joining(", "));
    }
}
