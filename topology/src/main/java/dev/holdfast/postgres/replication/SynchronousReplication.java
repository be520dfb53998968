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
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Durability;
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
 * Whom commits wait for. This is the one place where the durability profiles become settings:
 *
 * <table>
 *   <caption>exact settings</caption>
 *   <tr><th>profile</th><th>synchronous_commit</th><th>synchronous_standby_names</th></tr>
 *   <tr><td>protect</td><td>on</td><td>FIRST|ANY n of the live eligible standbys; when fewer than n live it stays as it is, and
 *       writes wait; after a change of the primary {@link CommitProtection} decides</td></tr>
 *   <tr><td>available</td><td>on</td><td>the same; when fewer than n live it names those, or nobody, and writes go on</td></tr>
 *   <tr><td>fast</td><td>local</td><td>nobody</td></tr>
 * </table>
 *
 * <p>Eligible are the sync members but the one that is primary; a disaster-recovery copy never is. A standby is named only
 * when it was seen to follow and to have caught up, as a name that never connects makes every commit hang.
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

    /** The early act: lets writes go on at once when the profile allows it and those that are named are gone. */
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
                        + " lets writes go on without it")));
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

    /** The late act: whom commits wait for once everybody follows who can. */
    public Plan settle(PostgresState state) {
        return settle(state, m -> willFollow.test(state, m));
    }

    /** @param willFollow of members that do not follow yet: whether an earlier act of this runbook makes them */
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
                || SynchronousStandbyNames.written(primary).equals(desired)
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
                    ? "ALTER SYSTEM has set it, and a file of Holdfast says who is waited for"
                    : "its file says '" + SynchronousStandbyNames.written(primary) + "', and commits wait for '" + now
                            + "'";
        }
        return "durability " + cluster.durability().name().toLowerCase(java.util.Locale.ROOT)
                + " and the standbys that follow make it '" + desired + "', and it is '" + now + "'";
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

    /** Whom commits wait for on a member that is to be primary, of those that will follow it. */
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
        return state.others().filter(m -> m.member().part() == MemberRole.SYNC).toList();
    }

    private static List<String> names(List<MemberState> members) {
        return members.stream().map(MemberState::name).toList();
    }

    private Step caughtUp(Node primary, MemberState member) {
        return Step.on(primary.id(), "Wait until " + member.name() + " has caught up")
                .because("commits may wait for it only then")
                .until(
                        until.cluster(
                                member.name() + " has flushed all that " + primary.name() + " had written",
                                s -> s.isReady(s.member(member.node())),
                                s -> member.name() + " is "
                                        + s.follower(s.member(member.node())).getOrDefault("state", "not connected")),
                        CATCHING_UP);
    }

    private Step named(PostgresState state, MemberState primary, String names, String because) {
        Node node = primary.node();
        List<Action> actions = new ArrayList<>(record.weakened(state, primary, names));
        actions.add(serverActions.role(node, ServerConfiguration.ofPrimary(names)));
        if (primary.server().altered().containsKey("synchronous_standby_names")) {
            actions.add(serverActions.sql(
                    node, Script.of("postgres/reset-setting.sql").with("name", "synchronous_standby_names")));
        }
        actions.add(serverActions.reload(node));
        String title = names.isEmpty() ? "Let commits wait for no standby" : "Let commits wait for " + names;
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
