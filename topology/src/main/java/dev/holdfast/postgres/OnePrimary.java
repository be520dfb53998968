package dev.holdfast.postgres;

import dev.holdfast.model.Exit;
import dev.holdfast.plan.Plan.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What must hold of the members together: one primary, one origin, one line of descent. */
final class OnePrimary {

    private final PostgresCluster cluster;

    OnePrimary(PostgresCluster cluster) {
        this.cluster = cluster;
    }

    List<Refusal> refusals(PostgresSeen seen) {
        List<MemberSeen> primaries = seen.primaries();
        if (primaries.size() > 1) {
            return List.of(splitBrain(primaries));
        }
        List<Refusal> refusals = new ArrayList<>();
        different(seen, "system identifiers", "a member of another cluster is among them", MemberSeen::systemIdentifier)
                .ifPresent(refusals::add);
        different(
                        seen,
                        "major versions",
                        "members of one cluster have one version; upgrade or re-clone the other",
                        m -> m.major() == 0 ? "" : Integer.toString(m.major()))
                .ifPresent(refusals::add);
        refusals.addAll(leader(seen));
        return refusals;
    }

    private Refusal splitBrain(List<MemberSeen> primaries) {
        return new Refusal(
                cluster.name(),
                "two primaries, a split brain: " + told(primaries, m -> m.name() + " on timeline " + m.timeline()),
                "find out which one clients wrote to; holdfast rejoin of the one that was left, on the lower"
                        + " timeline, fences it, keeps what only it has and brings it back");
    }

    private Optional<Refusal> different(
            PostgresSeen seen, String what, String hint, Function<MemberSeen, String> which) {
        Map<String, List<MemberSeen>> by = new LinkedHashMap<>();
        seen.members().stream()
                .filter(m -> m.hasDatabase() && !which.apply(m).isEmpty())
                .forEach(m -> by.computeIfAbsent(which.apply(m), k -> new ArrayList<>())
                        .add(m));
        if (by.size() <= 1) {
            return Optional.empty();
        }
        String names = by.entrySet().stream()
                .map(e -> told(e.getValue(), MemberSeen::name) + " has " + e.getKey())
                .collect(Collectors.joining("; "));
        return Optional.of(new Refusal(cluster.name(), "different " + what + ": " + names, hint));
    }

    /** Who is primary, or would be when started, must be known, and must be nobody whom another has overtaken. */
    private List<Refusal> leader(PostgresSeen seen) {
        if (seen.members().stream().anyMatch(MemberSeen::isOutOfReach)
                && seen.primary().isEmpty()) {
            return seen.members().stream()
                    .filter(MemberSeen::isOutOfReach)
                    .map(OnePrimary::outOfReach)
                    .toList();
        }
        if (seen.leader().isEmpty()) {
            return List.of(noLeader(seen));
        }
        MemberSeen leader = seen.leader().get();
        List<Refusal> refusals = new ArrayList<>(behind(seen, leader));
        fenced(leader).ifPresent(refusals::add);
        return refusals;
    }

    private static Refusal outOfReach(MemberSeen member) {
        return new Refusal(
                member.node().id(),
                "its host " + member.node().host().name()
                        + " does not answer, and no primary was seen: it may be there ("
                        + member.hostTrouble() + ")",
                "make the host answer, or see holdfast failover --help",
                Exit.UNREACHABLE);
    }

    private Refusal noLeader(PostgresSeen seen) {
        List<MemberSeen> were =
                seen.members().stream().filter(MemberSeen::wasPrimary).toList();
        if (were.size() > 1) {
            return new Refusal(
                    cluster.name(),
                    "several members were primary when they stopped: "
                            + told(were, m -> m.name() + " on timeline " + m.timeline()),
                    "start the right one with holdfast failover " + cluster.name() + " --to NAME");
        }
        return new Refusal(
                cluster.name(),
                "no member is or was primary, but "
                        + told(
                                seen.members().stream()
                                        .filter(MemberSeen::hasDatabase)
                                        .toList(),
                                MemberSeen::name)
                        + " hold its data; a new cluster is not made beside them",
                "promote one with holdfast failover " + cluster.name());
    }

    /** A stopped primary must not be started when another member has come further than its timeline. */
    private static List<Refusal> behind(PostgresSeen seen, MemberSeen leader) {
        if (!leader.isDown() || !leader.hasDatabase()) {
            return List.of();
        }
        return seen.others()
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
    private Optional<Refusal> fenced(MemberSeen leader) {
        return leader.disk()
                .fence()
                .filter(f -> !leader.isUp() && !f.isRestore())
                .map(f -> new Refusal(
                        leader.node().id(),
                        "it is not started as primary: " + f.told() + ", and nobody is primary yet",
                        "go on with holdfast " + (f.isSwitchover() ? "switchover " : "failover ") + cluster.name()));
    }

    private static String told(List<MemberSeen> members, Function<MemberSeen, String> how) {
        return members.stream().map(how).collect(Collectors.joining(", "));
    }
}
