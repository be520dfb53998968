package dev.holdfast.postgres.replication;

import dev.holdfast.execution.Action;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.SyncHistoryEntry;
import dev.holdfast.postgres.state.SynchronousStandbyNames;
import dev.holdfast.postgres.topology.AfterFailover;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The history of primaries and synchronous standbys. Every member's directory holds a copy, so that the loss of one host does
 * not lose it.
 *
 * <p>Invariants: it is beforeFewerStandbys before commits are released, and strengthened only after the standbys were observed in sync. So
 * it never promises more than was true. A host that was unreachable holds an older epoch, and the newest epoch counts.
 */
public final class SyncHistory {

    private static final Duration MOMENT = Duration.ofSeconds(20);

    private final RoleChangeActions actions;
    private final RoleChangeConditions until;

    public SyncHistory(Topology topology, PostgresCluster cluster) {
        this.actions = new RoleChangeActions(topology, cluster);
        this.until = new RoleChangeConditions(new RoleChangeProbe(topology, cluster), actions);
    }

    /** Returns whether a failover promoted this primary, no standby was in sync since, and {@code afterFailover} is serve. */
    static boolean servesSinceFailover(PostgresCluster cluster, PostgresState state) {
        if (cluster.durability() != Durability.PROTECT
                || cluster.afterFailover() != AfterFailover.SERVE
                || state.primary().isEmpty()) {
            return false;
        }
        MemberState primary = state.primary().get();
        boolean wasFailover = state.members().stream()
                .flatMap(m -> Optional.ofNullable(m.disk().marks().get("took")).flatMap(SyncHistoryEntry::of).stream())
                .anyMatch(l -> l.timeline() == primary.timeline() && l.primary().equals(primary.name()));
        return wasFailover
                && state.newestRecord()
                        .filter(l -> l.event().equals(SyncHistoryEntry.IN_SYNC)
                                && l.primary().equals(primary.name())
                                && l.timeline() == primary.timeline())
                        .isEmpty();
    }

    /** Returns the actions before commits wait for fewer standbys than recorded; none when the number does not fall. */
    List<Action> beforeFewerStandbys(PostgresState state, MemberState primary, String names) {
        Optional<SyncHistoryEntry> newest = state.newestRecord();
        if (newest.isEmpty() || !newest.get().event().equals(SyncHistoryEntry.IN_SYNC)) {
            return List.of();
        }
        List<String> now = SynchronousStandbyNames.parse(names);
        boolean isStronger = now.equals(newest.get().inSync())
                && SynchronousStandbyNames.count(names)
                        >= SynchronousStandbyNames.count(newest.get().names());
        return isStronger ? List.of() : notes(state, line(state, primary, SyncHistoryEntry.OPEN, ""));
    }

    private static SyncHistoryEntry line(PostgresState state, MemberState primary, String event, String names) {
        long epoch = state.newestRecord().map(SyncHistoryEntry::epoch).orElse(0L) + 1;
        return new SyncHistoryEntry(epoch, state.at(), primary.timeline(), primary.name(), event, names);
    }

    private List<Action> notes(PostgresState state, SyncHistoryEntry line) {
        return reachable(state).stream().map(m -> actions.note(m.node(), line)).toList();
    }

    private static List<MemberState> reachable(PostgresState state) {
        return state.members().stream()
                .filter(m -> !m.isOutOfReach() && m.hasDatabase())
                .toList();
    }

    /** Returns the same, unless the synchronous standbys are about to change. */
    public Plan plan(PostgresState state, Plan change) {
        if (state.isFresh()) {
            return new Plan(List.of(), List.of(), List.of(further("once the servers run", state.members())));
        }
        if (change.isEmpty()) {
            return plan(state);
        }
        boolean isOnRecord = state.primary().isPresent() && state.newestRecord().isPresent();
        return isOnRecord
                ? new Plan(List.of(), List.of(), List.of(further("once commits wait as declared", reachable(state))))
                : Plan.NOTHING;
    }

    /** Plans the stage that updates the history on every reachable host. */
    private Plan plan(PostgresState state) {
        if (state.primary().isEmpty()) {
            return Plan.NOTHING;
        }
        MemberState primary = state.primary().get();
        if (primary.isOutOfReach() && isWaiting(primary)) {
            return Plan.NOTHING; // its files cannot be read, so there is no evidence against the history
        }
        SyncHistoryEntry desired = desired(state, primary);
        List<Step> steps = new ArrayList<>();
        reachable(state).stream()
                .filter(m -> m.disk().history().filter(desired::equals).isEmpty())
                .forEach(m -> steps.add(noted(m, desired)));
        return new Plan(steps, List.of(), steps.isEmpty() ? announced(state, primary) : List.of());
    }

    /** The line after a reset of ALTER SYSTEM settings contains the time of the reset, so it is known only then. */
    private static List<String> announced(PostgresState state, MemberState primary) {
        boolean isReset =
                primary.server().altered().keySet().stream().anyMatch(n -> !n.equals("synchronous_standby_names"));
        return isReset
                ? List.of(further("when " + primary.name() + " has no settings of ALTER SYSTEM", reachable(state)))
                : List.of();
    }

    private static String further(String when, List<MemberState> members) {
        int steps = members.size();
        return when + ", Holdfast updates the history of synchronous standbys: " + steps
                + (steps == 1 ? " further step" : " further steps");
    }

    private static boolean isWaiting(MemberState primary) {
        return !primary.server().synchronousNames().isEmpty()
                && !primary.server().altered().containsKey("synchronous_standby_names");
    }

    private static SyncHistoryEntry desired(PostgresState state, MemberState primary) {
        String names = primary.server().synchronousNames();
        boolean waits = isWaiting(primary) && primary.disk().synchronousNames().equals(names);
        boolean isConfirmed =
                waits && SynchronousStandbyNames.inSync(primary.server()) >= SynchronousStandbyNames.count(names);
        Optional<SyncHistoryEntry> newest = state.newestRecord();
        // while ALTER SYSTEM settings exist, an earlier stage resets them, and the history is written after that
        boolean isChanged = primary.disk().marks().containsKey("changed")
                && primary.server().altered().isEmpty();
        boolean isSame = newest.filter(l -> !isChanged)
                .filter(l -> l.primary().equals(primary.name())
                        && l.timeline() == primary.timeline()
                        && l.event().equals(waits ? SyncHistoryEntry.IN_SYNC : SyncHistoryEntry.OPEN)
                        && l.names().equals(waits ? names : ""))
                .isPresent();
        if (isSame) {
            return newest.get();
        }
        boolean isOpen = newest.filter(l -> l.primary().equals(primary.name())
                        && l.timeline() == primary.timeline()
                        && l.event().equals(SyncHistoryEntry.OPEN))
                .isPresent();
        if (!isConfirmed && isOpen) {
            return newest.get();
        }
        return isConfirmed
                ? line(state, primary, SyncHistoryEntry.IN_SYNC, names)
                : line(state, primary, SyncHistoryEntry.OPEN, "");
    }

    private static String difference(SyncHistoryEntry present, SyncHistoryEntry line) {
        if (present.epoch() != line.epoch() && present.names().equals(line.names())) {
            return present.primary().equals(line.primary()) && present.timeline() == line.timeline()
                    ? "settings were changed since the present one of " + seconds(present)
                    : "the present one of " + seconds(present) + " is of primary " + present.primary() + " on timeline "
                            + present.timeline();
        }
        return "the present one of " + seconds(present)
                + (present.inSync().isEmpty()
                        ? " says that commits can be acknowledged without a standby"
                        : " says that commits wait for " + present.names());
    }

    private static Instant seconds(SyncHistoryEntry entry) {
        return entry.at().truncatedTo(ChronoUnit.SECONDS);
    }

    private Step noted(MemberState member, SyncHistoryEntry line) {
        Node node = member.node();
        String what = line.event().equals(SyncHistoryEntry.IN_SYNC)
                ? "commits wait for " + line.names()
                : "commits can be acknowledged without a standby";
        return Step.on(node.id(), "Record on " + node.name() + ": " + what)
                .because("a later failover decides by this record, and "
                        + member.disk().history().map(h -> difference(h, line)).orElse("there is none yet"))
                .type(actions.note(node, line))
                .until(
                        until.disk(
                                member.member(),
                                "the history on " + node.name() + " has this line",
                                m -> m.disk().history().filter(line::equals).isPresent(),
                                m -> m.disk().marks().getOrDefault("history", "no record")),
                        MOMENT);
    }

    /** Plans the record of a failover: the new primary and its timeline. */
    public Plan failover(PostgresState state) {
        if (state.primary().isEmpty()) {
            return Plan.NOTHING;
        }
        MemberState primary = state.primary().get();
        boolean wasFailover = state.members().stream()
                .filter(m -> m != primary)
                .flatMap(m -> m.disk().fence().stream())
                .anyMatch(f -> f.isFailover() && f.timeline() < primary.timeline());
        boolean isNoted = state.members().stream()
                .flatMap(m -> Optional.ofNullable(m.disk().marks().get("took")).flatMap(SyncHistoryEntry::of).stream())
                .anyMatch(l -> l.timeline() == primary.timeline() && l.primary().equals(primary.name()));
        if (!wasFailover || isNoted) {
            return Plan.NOTHING;
        }
        SyncHistoryEntry line = line(state, primary, SyncHistoryEntry.FAILOVER, "");
        return Plan.of(reachable(state).stream().map(m -> took(m, line)).toList());
    }

    private Step took(MemberState member, SyncHistoryEntry line) {
        Node node = member.node();
        return Step.on(node.id(), "Record the failover to " + line.primary() + " on " + node.name())
                .because(line.primary() + " became primary by a failover, on timeline " + line.timeline())
                .type(actions.note(node, line))
                .until(
                        until.disk(
                                member.member(),
                                "the history on " + node.name() + " has this line",
                                m -> m.disk().marks().getOrDefault("took", "").equals(line.line()),
                                m -> m.disk().marks().getOrDefault("took", "no failover recorded")),
                        MOMENT);
    }
}
