package dev.holdfast.postgres.state;

import dev.holdfast.model.ExitCode;
import dev.holdfast.postgres.value.Lsn;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A split brain: several members with commits that the others lack, and the evidence of which one the clients use. Several primaries
 * run at a time, or one runs that no role change of Holdfast promoted, and a stopped former primary or its standbys have later commits.
 *
 * <ol>
 *   <li>Each side is queried for its streaming synchronous standbys, the proxies that send writes to it, its client sessions,
 *       and the commits in its WAL after the fork.
 *   <li>A commit counts as acknowledged unless the side waits for synchronous standbys and too few of them hold its WAL.
 *   <li>One side wins when, against each other side, some evidence supports it and none supports the other side, and the other
 *       side acknowledged no commit that would be lost. A recorded later failover outweighs the routes of proxies.
 *   <li>Otherwise the operator decides.
 * </ol>
 *
 * Invariants: the number of a timeline is no evidence; unreadable WAL counts as commits that may be lost.
 *
 * @param replaced members that the only running primary has replaced without a role change of Holdfast: see {@link
 *     UnrecordedPromotion}
 * @param branches the WAL of each side that the others lack, by name
 */
public record SplitBrain(
        List<MemberState> members,
        List<ProxyState> proxies,
        List<MemberState> replaced,
        Map<String, ReplicationGap> branches) {

    /**
     * Returns the running primaries, and replaced members that can have commits of their own; fewer than two are no split brain.
     */
    public List<MemberState> sides() {
        return possibleSides().stream()
                .filter(m -> m.isPrimary() || branches.containsKey(m.name()) && !log(m).isNothing())
                .toList();
    }

    /** Returns the members whose WAL shows whether there is a split brain. */
    public List<MemberState> possibleSides() {
        return members.stream()
                .filter(m -> m.isPrimary() || replaced.contains(m))
                .toList();
    }

    public boolean isThere() {
        return sides().size() > 1;
    }

    /** Returns the earliest fork between a side and the others. */
    public static TimelineHistory.Fork fork(List<MemberState> sides, MemberState side) {
        TimelineHistory own = TimelineHistory.of(side);
        return sides.stream()
                .filter(s -> s != side)
                .map(s -> own.fork(TimelineHistory.of(s)))
                .min((a, b) -> a.at().compareTo(b.at()))
                .orElseThrow();
    }

    /** Returns the side that the evidence supports; empty when it is unclear. */
    public Optional<MemberState> winner() {
        return areOneCluster()
                ? sides().stream()
                        .filter(p -> sides().stream().allMatch(q -> p == q || isAhead(p, q)))
                        .findFirst()
                : Optional.empty();
    }

    public boolean areOneCluster() {
        return possibleSides().stream()
                        .map(MemberState::systemIdentifier)
                        .distinct()
                        .count()
                <= 1;
    }

    private boolean isAhead(MemberState side, MemberState other) {
        return acknowledged(other).equals(OptionalLong.of(0))
                && !holds(other, side)
                && (hasTakenOver(side, other)
                        || !hasTakenOver(other, side)
                                && !serves(other, side)
                                && (holds(side, other) || serves(side, other)));
    }

    /** Returns whether a synchronous standby or acknowledged commits support one side against the other. */
    private boolean holds(MemberState side, MemberState other) {
        return isProtected(side) && !isProtected(other)
                || acknowledged(side).orElse(0) > 0 && acknowledged(other).equals(OptionalLong.of(0));
    }

    private boolean serves(MemberState side, MemberState other) {
        return isServing(side) && !isServing(other);
    }

    /**
     * Returns whether the newest history line names this side as primary, on a timeline that the other side does not know. Then
     * a role change replaced the other side, and a proxy that returns with its host may still send clients to it.
     */
    private boolean hasTakenOver(MemberState side, MemberState other) {
        return members.stream()
                .flatMap(m -> m.disk().history().stream())
                .max(Comparator.comparingLong(SyncHistoryEntry::epoch))
                .filter(h -> h.primary().equals(side.name()))
                .filter(h -> h.timeline() == side.timeline() && h.timeline() > other.timeline())
                .isPresent();
    }

    private static boolean isProtected(MemberState side) {
        return SynchronousStandbyNames.inSync(side.server()) > 0;
    }

    /** The proxies that send writes show where the clients are; without such proxies, the sessions show it. */
    private boolean isServing(MemberState side) {
        boolean areRouted = sides().stream().anyMatch(s -> !routes(s).isEmpty());
        return areRouted ? !routes(side).isEmpty() : side.server().clients() > 0;
    }

    private List<String> routes(MemberState side) {
        return proxies.stream()
                .filter(p -> p.isUp() && p.writesGoTo().contains(side.name()))
                .map(p -> p.node().name())
                .toList();
    }

    private ReplicationGap log(MemberState side) {
        return branches.getOrDefault(side.name(), ReplicationGap.UNKNOWN);
    }

    /** Returns the number of possibly acknowledged commits that only this side has; empty where its WAL cannot be read. */
    OptionalLong acknowledged(MemberState side) {
        ReplicationGap log = log(side);
        if (!log.isKnown()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(waitsInVain(side) ? 0 : log.commits());
    }

    /** Returns whether its commits wait for more standbys than hold any of its own WAL. */
    private boolean waitsInVain(MemberState side) {
        String names = side.server().synchronousNames();
        List<String> waited = SynchronousStandbyNames.parse(names);
        if (waited.contains("*")
                || side.server().altered().containsKey("synchronous_standby_names")
                || !side.server().unsafeCommits().isEmpty()
                || side.disk().marks().containsKey("changed")) {
            return false; // its commits can have waited for another number of standbys before
        }
        Lsn fork = fork(sides(), side).at();
        long holders =
                waited.stream().filter(n -> mayHold(n, side, fork)).distinct().count();
        return SynchronousStandbyNames.count(names) > holders;
    }

    private boolean mayHold(String name, MemberState side, Lsn fork) {
        if (side.server().followers().containsKey(name)) {
            return true;
        }
        Optional<MemberState> standby =
                members.stream().filter(m -> m.name().equals(name)).findFirst();
        if (standby.isEmpty() || !standby.get().isUp() && !standby.get().isDown()) {
            return true;
        }
        MemberState member = standby.get();
        if (!member.hasDatabase()) {
            return false;
        }
        if (member.wasPrimary() || !TimelineHistory.of(member).isKnown()) {
            return true;
        }
        TimelineHistory.Fork parts = TimelineHistory.of(member).fork(TimelineHistory.of(side));
        Lsn end = member.end();
        Lsn common = parts.isWithinOneTimeline() || parts.at().isPast(end) ? end : parts.at();
        return common.isPast(fork);
    }

    /** Describes all sides. */
    public String sentence() {
        int count = sides().size();
        String head = (count == 2 ? "two" : Integer.toString(count)) + " primaries, a split brain: ";
        boolean areRunning = sides().stream().allMatch(MemberState::isPrimary);
        return (areRunning ? head : "a primary that Holdfast did not promote, a split brain: ")
                + sides().stream().map(s -> s.name() + " (" + evidence(s) + ")").collect(Collectors.joining("; "))
                + (areOneCluster() ? "" : "; the servers have different system identifiers")
                + winner().map(w -> ". The clients use " + w.name())
                        .orElse(". It is unclear which primary has the acknowledged commits");
    }

    /** Describes the evidence for and against one side. */
    String evidence(MemberState side) {
        List<String> synchronous = side.server().followers().entrySet().stream()
                .filter(f -> List.of("sync", "quorum").contains(f.getValue().getOrDefault("sync_state", "")))
                .map(Map.Entry::getKey)
                .toList();
        List<String> routes = routes(side);
        return (side.isPrimary() ? "" : side.isStandby() ? "standby, " : "stopped, ")
                + "timeline " + side.timeline() + ", "
                + (synchronous.isEmpty() ? "no synchronous standby" : "synchronous standby " + list(synchronous)) + ", "
                + (routes.isEmpty() ? "no writes from a proxy" : "writes from the proxies on " + list(routes))
                + ", "
                + number(side.server().clients(), "client session") + ", " + commits(side);
    }

    /** Describes the number of commits that only this side has. */
    public String commits(MemberState side) {
        ReplicationGap log = log(side);
        String from = areOneCluster() ? " after " + fork(sides(), side).at() + " that no other primary has" : "";
        if (!log.isKnown()) {
            return "an unknown number of commits" + from + ", because its WAL cannot be read";
        }
        return number(log.commits(), "commit")
                + from
                + (log.commits() > 0 && waitsInVain(side) ? ", none of them acknowledged" : "");
    }

    private static String number(long count, String what) {
        return String.format(Locale.ROOT, "%d %s%s", count, what, count == 1 ? "" : "s");
    }

    private static String list(List<String> names) {
        return String.join(", ", names);
    }

    public ExitCode exit() {
        return winner().isPresent() || !areOneCluster() ? ExitCode.REFUSED : ExitCode.WOULD_LOSE_DATA;
    }

    /** Returns the commands that resolve the split brain. */
    public String hint() {
        if (!areOneCluster()) {
            return "stop the primary of the other cluster and move its directory away, then run holdfast apply";
        }
        if (winner().isPresent()) {
            MemberState keeps = winner().get();
            return sides().stream()
                            .filter(s -> s != keeps)
                            .map(s -> "holdfast rejoin " + s.node().id())
                            .collect(Collectors.joining(", then "))
                    + " makes the stray primary a standby of " + keeps.name()
                    + " and preserves the rows that only it has"
                    + afterwards(keeps);
        }
        return sides().stream()
                        .map(s -> "holdfast rejoin " + s.node().id() + " --accept-data-loss gives up "
                                + (log(s).isKnown()
                                        ? number(log(s).commits(), "commit")
                                        : "an unknown number of commits")
                                + " of " + s.name())
                        .collect(Collectors.joining("; or "))
                + "; the rows of those commits are preserved in files";
    }

    /** Returns what follows when the side that is kept does not run as primary. */
    private static String afterwards(MemberState keeps) {
        if (keeps.isPrimary()) {
            return "";
        }
        Optional<FenceMark> fence = keeps.disk().fence();
        if (fence.isPresent()) {
            return "; holdfast " + fence.get().kind() + " " + keeps.node().cluster() + " continues in between";
        }
        return keeps.wasPrimary()
                ? "; holdfast apply starts " + keeps.name() + " in between"
                : "; holdfast failover " + keeps.node().cluster() + " promotes a standby in between";
    }

    /** Returns the side that stays primary when another one is discarded: the winner, or the only other side. */
    public Optional<MemberState> survivor(MemberState givenUp) {
        Optional<MemberState> winner = winner().filter(w -> w != givenUp);
        return winner.isPresent() || sides().size() != 2
                ? winner
                : sides().stream().filter(s -> s != givenUp).findFirst();
    }
}
