package dev.holdfast.postgres.replication;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.SynchronousStandbyNames;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.postgres.topology.PostgresCluster.Synchronous.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The synchronous standbys that commits wait for. Only this class converts durability profiles to settings:
 *
 * <table>
 *   <caption>exact settings</caption>
 *   <tr><th>profile</th><th>synchronous_commit</th><th>synchronous_standby_names</th></tr>
 *   <tr><td>protect</td><td>on</td><td>FIRST|ANY n of the reachable eligible standbys; with fewer than n, it stays unchanged
 *       and writes wait; after a role change {@link CommitProtection} decides</td></tr>
 *   <tr><td>available</td><td>on</td><td>the same; with fewer than n reachable, it names those or none, and writes
 *       continue</td></tr>
 *   <tr><td>fast</td><td>local</td><td>none</td></tr>
 * </table>
 *
 * <p>Eligible are the sync members except the primary, and never a disaster-recovery copy. A standby is named only after it was
 * observed to follow and to have caught up, because commits hang on a name that never connects.
 */
public final class SynchronousReplication {

    private static final Duration CATCHING_UP = Duration.ofMinutes(30);
    private static final Duration MOMENT = Duration.ofSeconds(20);

    private final PostgresCluster cluster;
    private final MemberActions serverActions;
    private final MemberConditions until;
    private final BiPredicate<PostgresState, MemberState> willFollow;
    private final SyncHistory record;

    public SynchronousReplication(
            PostgresCluster cluster,
            MemberActions actions,
            MemberConditions until,
            BiPredicate<PostgresState, MemberState> willFollow,
            SyncHistory record) {
        this.cluster = cluster;
        this.serverActions = actions;
        this.until = until;
        this.willFollow = willFollow;
        this.record = record;
    }

    /** The early stage: releases writes when the named standbys are lost and the profile allows this. */
    public Plan release(PostgresState state) {
        Optional<String> names = released(state);
        if (names.isEmpty()) {
            return Plan.NOTHING;
        }
        MemberState primary = state.primary().orElseThrow();
        String gone = SynchronousStandbyNames.parse(primary.server().synchronousNames()).stream()
                .filter(n -> state.declared(n)
                        .filter(m -> state.follows(state.member(m.node())))
                        .isEmpty())
                .collect(Collectors.joining(", "));
        return Plan.of(List.of(named(
                state,
                primary,
                names.get(),
                gone + " does not follow, and "
                        + (cluster.durability() == Durability.AVAILABLE
                                ? "durability available"
                                : "afterFailover serve")
                        + " allows writes without it")));
    }

    private Optional<String> released(PostgresState state) {
        boolean mayRelease =
                cluster.durability() == Durability.AVAILABLE || SyncHistory.servesSinceFailover(cluster, state);
        if (!mayRelease || state.primary().isEmpty()) {
            return Optional.empty();
        }
        String running = state.primary().get().server().synchronousNames();
        List<String> named = SynchronousStandbyNames.parse(running);
        List<String> live =
                names(eligible(state).stream().filter(m -> !state.isGone(m)).toList());
        long left = named.stream().filter(live::contains).count();
        return named.isEmpty() || left >= SynchronousStandbyNames.count(running)
                ? Optional.empty()
                : Optional.of(format(live));
    }

    /** The late stage: sets the synchronous standbys once all available members follow. */
    public Plan settle(PostgresState state) {
        return settle(state, m -> willFollow.test(state, m));
    }

    /** @param willFollow whether an earlier stage of this runbook makes a member follow */
    public Plan settle(PostgresState state, Predicate<MemberState> willFollow) {
        Optional<MemberState> leader = state.leader().filter(l -> l.isUp() || !l.hasDatabase());
        if (leader.isEmpty()) {
            return Plan.NOTHING;
        }
        MemberState primary = leader.get();
        String now = released(state).orElse(primary.server().synchronousNames());
        String desired = desired(state, now, willFollow);
        boolean isWritten = !primary.isUp()
                || primary.isOutOfReach()
                || primary.disk().synchronousNames().equals(desired)
                || released(state).isPresent();
        boolean isAltered = primary.server().altered().containsKey("synchronous_standby_names");
        if (desired.equals(now) && isWritten && !isAltered) {
            return Plan.NOTHING;
        }
        List<Step> steps = new ArrayList<>();
        List<String> waitedFor = SynchronousStandbyNames.parse(now);
        eligible(state).stream()
                .filter(m -> SynchronousStandbyNames.parse(desired).contains(m.name())
                        && !waitedFor.contains(m.name())
                        && !state.isReady(m))
                .forEach(m -> steps.add(caughtUp(primary.node(), m)));
        steps.add(named(state, primary, desired, because(primary, desired, now)));
        return Plan.of(steps);
    }

    private String because(MemberState primary, String desired, String now) {
        if (desired.equals(now)) {
            return primary.server().altered().containsKey("synchronous_standby_names")
                    ? "ALTER SYSTEM sets synchronous_standby_names, and the desired value belongs in role.conf"
                    : "role.conf has '" + primary.disk().synchronousNames() + "', and the server uses '" + now + "'";
        }
        return "synchronous_standby_names is '" + now + "', desired '" + desired + "' by durability "
                + cluster.durability().name().toLowerCase(java.util.Locale.ROOT);
    }

    private String desired(PostgresState state, String now, Predicate<MemberState> willFollow) {
        if (cluster.durability() == Durability.FAST) {
            return "";
        }
        List<MemberState> eligible = eligible(state);
        List<String> following = names(eligible.stream()
                .filter(m -> !state.isGone(m) || willFollow.test(m))
                .toList());
        int count = Math.min(cluster.synchronous().count(), eligible.size());
        if (following.size() < count && cluster.durability() == Durability.PROTECT) {
            return now;
        }
        return format(following);
    }

    private String format(List<String> names) {
        return format(cluster, names);
    }

    /** Returns the synchronous standbys of a future primary, out of its future followers. */
    public static String names(PostgresCluster cluster, Member primary, List<String> live) {
        return cluster.durability() == Durability.FAST
                ? ""
                : format(
                        cluster,
                        live.stream()
                                .filter(n -> !n.equals(primary.node().name()))
                                .toList());
    }

    static String format(PostgresCluster cluster, List<String> names) {
        int count = Math.min(cluster.synchronous().count(), names.size());
        if (count == 0) {
            return "";
        }
        Method method = cluster.synchronous().method();
        return method + " " + count + " ("
                + names.stream().map(n -> "\"" + n.replace("\"", "\"\"") + "\"").collect(Collectors.joining(", "))
                + ")";
    }

    private List<MemberState> eligible(PostgresState state) {
        return state.others().filter(m -> m.member().role() == MemberRole.SYNC).toList();
    }

    private static List<String> names(List<MemberState> members) {
        return members.stream().map(MemberState::name).toList();
    }

    private Step caughtUp(Node primary, MemberState member) {
        return Step.on(primary.id(), "Wait until " + member.name() + " has caught up")
                .because("commits must wait only for a standby that has caught up")
                .until(
                        until.cluster(
                                member.name() + " has flushed the WAL of " + primary.name(),
                                s -> s.isReady(s.member(member.node())),
                                s -> member.name() + " is "
                                        + s.follower(s.member(member.node())).getOrDefault("state", "not connected")),
                        CATCHING_UP);
    }

    private Step named(PostgresState state, MemberState primary, String names, String because) {
        Node node = primary.node();
        List<Action> actions = new ArrayList<>(record.beforeFewerStandbys(state, primary, names));
        actions.add(serverActions.role(node, ServerConfiguration.ofPrimary(names)));
        if (primary.server().altered().containsKey("synchronous_standby_names")) {
            actions.add(serverActions.sql(
                    node, Script.of("postgres/reset-setting.sql").with("name", "synchronous_standby_names")));
        }
        actions.add(serverActions.reload(node));
        String title =
                "Set synchronous_standby_names on " + primary.name() + (names.isEmpty() ? " to none" : " to " + names);
        return Step.on(node.id(), title)
                .because(because)
                .type(actions)
                .until(
                        until.server(
                                node,
                                "synchronous_standby_names is '" + names + "' and as many standbys are in sync",
                                s -> s.synchronousNames().equals(names)
                                        && !s.altered().containsKey("synchronous_standby_names")
                                        && SynchronousStandbyNames.inSync(s) >= SynchronousStandbyNames.count(names),
                                s -> "synchronous_standby_names is '" + s.synchronousNames() + "', in sync: "
                                        + SynchronousStandbyNames.inSync(s)),
                        MOMENT);
    }
}
