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
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.AfterFailover;
import dev.holdfast.postgres.topology.PostgresCluster.Durability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The record of who was in sync and who was primary, kept in every member's folder so that no single host's loss loses it.
 *
 * <p>Invariants: it is weakened before commits are let go and strengthened only after as many standbys were seen in sync,
 * so it never promises more than was true; a host that was away holds an older epoch, and the newest one counts.
 */
public final class SyncHistory {

    private static final Duration MOMENT = Duration.ofSeconds(20);

    private final RoleChangeActions actions;
    private final RoleChangeConditions until;

    public SyncHistory(Topology topology, PostgresCluster cluster) {
        this.actions = new RoleChangeActions(topology, cluster);
        this.until = new RoleChangeConditions(new RoleChangeProbe(topology, cluster), actions);
    }

    /** A failover has made this primary, no standby was in sync with it since, and it is declared to serve meanwhile. */
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

    /** What is typed before commits wait for fewer than the record says; nothing when they do not. */
    List<Action> weakened(PostgresState state, MemberState primary, String names) {
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

    /** The same, unless whom commits wait for is about to change. */
    public Plan plan(PostgresState state, Plan change) {
        if (change.isEmpty()) {
            return plan(state);
        }
        boolean isOnRecord = state.primary().isPresent() && state.newestRecord().isPresent();
        return isOnRecord
                ? new Plan(List.of(), List.of(), List.of(further("once commits wait as declared", state)))
                : Plan.NOTHING;
    }

    /** The act that brings the record to what is true now, on every host that answers. */
    private Plan plan(PostgresState state) {
        if (state.primary().isEmpty()) {
            return Plan.NOTHING;
        }
        MemberState primary = state.primary().get();
        if (primary.isOutOfReach() && isWaiting(primary)) {
            return Plan.NOTHING; // its files cannot be read, so there is no evidence against the record
        }
        SyncHistoryEntry desired = desired(state, primary);
        List<Step> steps = new ArrayList<>();
        reachable(state).stream()
                .filter(m -> m.disk().history().filter(desired::equals).isEmpty())
                .forEach(m -> steps.add(noted(m, desired)));
        return new Plan(steps, List.of(), steps.isEmpty() ? announced(state, primary) : List.of());
    }

    /** What is written when settings of ALTER SYSTEM are reset can be known only then, for it names that time. */
    private static List<String> announced(PostgresState state, MemberState primary) {
        boolean isReset =
                primary.server().altered().keySet().stream().anyMatch(n -> !n.equals("synchronous_standby_names"));
        return isReset
                ? List.of(further("once " + primary.name() + " has no settings of ALTER SYSTEM", state))
                : List.of();
    }

    private static String further(String when, PostgresState state) {
        int steps = reachable(state).size();
        return when + ", the record of whom commits wait for is written again: " + steps
                + (steps == 1 ? " further step" : " further steps");
    }

    private static boolean isWaiting(MemberState primary) {
        return !primary.server().synchronousNames().isEmpty()
                && !primary.server().altered().containsKey("synchronous_standby_names");
    }

    private static SyncHistoryEntry desired(PostgresState state, MemberState primary) {
        String names = primary.server().synchronousNames();
        boolean waits =
                isWaiting(primary) && SynchronousStandbyNames.written(primary).equals(names);
        boolean isConfirmed =
                waits && SynchronousStandbyNames.inSync(primary.server()) >= SynchronousStandbyNames.count(names);
        Optional<SyncHistoryEntry> newest = state.newestRecord();
        // while ALTER SYSTEM still sets something, an earlier act resets it, and the record is written after that
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

    private Step noted(MemberState member, SyncHistoryEntry line) {
        Node node = member.node();
        String what = line.event().equals(SyncHistoryEntry.IN_SYNC)
                ? "commits wait for " + line.names()
                : "commits may wait for nobody";
        return Step.on(node.id(), "Note at " + node.name() + " that " + what)
                .because("a later failover must know who was in sync, and its record there says "
                        + member.disk()
                                .history()
                                .map(h -> h.event() + " " + h.names() + " of " + h.at())
                                .orElse("nothing yet"))
                .type(actions.note(node, line))
                .until(
                        until.disk(
                                member.member(),
                                "the record of " + node.name() + " says so",
                                m -> m.disk().history().filter(line::equals).isPresent(),
                                m -> m.disk().marks().getOrDefault("history", "no record")),
                        MOMENT);
    }

    /** After a failover, until it is on record: who took over on which timeline. */
    public Plan failover(PostgresState state) {
        if (state.primary().isEmpty()) {
            return Plan.NOTHING;
        }
        MemberState primary = state.primary().get();
        boolean wasFailover = state.members().stream()
                .filter(m -> m != primary)
                .flatMap(m -> m.disk().fence().stream())
                .anyMatch(f -> !f.isSwitchover() && f.timeline() < primary.timeline());
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
        return Step.on(node.id(), "Note at " + node.name() + " that " + line.primary() + " took over")
                .because("it is primary on timeline " + line.timeline() + " by a failover")
                .type(actions.note(node, line))
                .until(
                        until.disk(
                                member.member(),
                                "the record of " + node.name() + " says so",
                                m -> m.disk().marks().getOrDefault("took", "").equals(line.line()),
                                m -> m.disk().marks().getOrDefault("took", "no failover on record")),
                        MOMENT);
    }
}
