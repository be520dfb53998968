package dev.holdfast.postgres.rolechange;

import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.provision.ConfigurationPlanner;
import dev.holdfast.postgres.provision.PlannedFollowers;
import dev.holdfast.postgres.provision.PrimaryPlanner;
import dev.holdfast.postgres.provision.StaleSlotPlanner;
import dev.holdfast.postgres.proxy.ProxyPlanner;
import dev.holdfast.postgres.replication.CommitProtection;
import dev.holdfast.postgres.replication.SyncHistory;
import dev.holdfast.postgres.replication.SynchronousReplication;
import dev.holdfast.postgres.rolechange.RoleChangeDecision.Outcome;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The stages after a promotion, once the new primary accepts writes.
 *
 * <ol>
 *   <li>Record the failover, so that a second one soon after needs the operator.
 *   <li>Create a slot for every member on the new primary, and write its primary configuration.
 *   <li>Standbys follow it after a reload, without a restart; rewind a standby that is ahead of it.
 *   <li>Return an old primary whose WAL ends at the fork as a standby, without a rewind.
 *   <li>Drop slots that no member uses.
 *   <li>Set the synchronous standbys of those that follow, and route reads to them.
 *   <li>Update the history on every host; a switchover that finds an older history completes the previous role change first.
 * </ol>
 */
final class PostPromotionStages {

    private static final Duration MOMENT = Duration.ofSeconds(30);
    private static final Duration FOLLOWING = Duration.ofSeconds(60);

    private final PostgresCluster cluster;
    private final RoleChangeActions actions;
    private final RoleChangeConditions until;
    private final RejoinSteps comingBack;
    private final PrimaryPlanner primaryPlan;
    private final SynchronousReplication commits;
    private final ProxyPlanner proxies;
    private final SyncHistory record;
    private final boolean startsStopped;

    /** @param startsStopped whether to start stopped standbys: after an interrupted run, the old primary may already be one */
    PostPromotionStages(
            Topology topology,
            PostgresCluster cluster,
            RoleChangeActions actions,
            RoleChangeConditions until,
            boolean startsStopped) {
        this.startsStopped = startsStopped;
        this.cluster = cluster;
        this.actions = actions;
        this.until = until;
        this.comingBack = new RejoinSteps(cluster, actions, until);
        MemberConditions whole = new MemberConditions(new ClusterProbe(topology, cluster));
        this.record = new SyncHistory(topology, cluster);
        this.primaryPlan = new PrimaryPlanner(cluster, actions.plain(), whole);
        PlannedFollowers prospects =
                new PlannedFollowers(cluster, new ConfigurationPlanner(topology, cluster, actions.plain(), whole));
        this.commits = new SynchronousReplication(cluster, actions.plain(), whole, prospects::follow, record);
        this.proxies = new ProxyPlanner(topology, cluster, whole, prospects::follow);
    }

    /** @param isDone whether the promotion is done */
    List<Stage<RoleChangeState>> stages(Predicate<RoleChangeState> isDone) {
        return List.of(
                stage("record of the failover", isDone, record::failover),
                stage("slots", isDone, this::slots),
                stage("followers", isDone, this::follow),
                stage("stale slots", isDone, new StaleSlotPlanner(cluster, actions, until)::plan),
                stage("commits", isDone, this::settle),
                stage("reads", isDone, proxies::routesOfRunning),
                stage("record", isDone, state -> record.plan(state, settle(state))),
                stage("protection", isDone, state -> CommitProtection.open(state, m -> false)));
    }

    /** Returns whether the last stage of a role change is missing: the synchronous standbys differ, or the history is older. */
    boolean isLastStageMissing(PostgresState state) {
        Plan change = settle(state);
        return state.primary().orElseThrow().timeline() > 1
                && !change.and(record.plan(state, change)).isEmpty();
    }

    List<Stage<RoleChangeState>> before() {
        return List.of(stage("slots", state -> true, this::slots));
    }

    /**
     * Plans the preparation of a standby before its promotion, so that its first commit waits only for its followers.
     *
     * @param before the primary that it follows
     * @param names its synchronous standbys, as {@link CommitProtection} decides
     */
    List<Step> readied(MemberState candidate, Node before, String names, String lane) {
        return Stream.of(primaryPlan.slots(candidate, lane), expecting(candidate, before, names, lane))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Makes the synchronous standbys that can replicate from the candidate follow it during its promotion. */
    List<Step> repointed(RoleChangeState state, MemberState candidate) {
        return behind(state, candidate).stream()
                .flatMap(s -> repointed(candidate, s).stream())
                .toList();
    }

    /** Returns standbys without WAL that the candidate lacks. */
    private static List<MemberState> behind(RoleChangeState state, MemberState candidate) {
        return state.standbys().stream()
                .filter(s -> s != candidate && s.member().role() == MemberRole.SYNC)
                .filter(s -> !s.server().end().isPast(candidate.server().end()))
                .toList();
    }

    /** Returns the protection of commits on the new primary until the others follow it. */
    CommitProtection protection(RoleChangeState state, MemberState candidate) {
        return new CommitProtection(cluster, candidate.name(), live(state, candidate));
    }

    private static List<String> live(RoleChangeState state, MemberState candidate) {
        return behind(state, candidate).stream().map(MemberState::name).toList();
    }

    private Optional<Step> expecting(MemberState candidate, Node before, String names, String lane) {
        if (names.equals(candidate.server().synchronousNames())) {
            return Optional.empty();
        }
        Map<String, String> roleSettings = new LinkedHashMap<>(
                ServerConfiguration.ofStandby(cluster, candidate.member(), before, candidate.major()));
        roleSettings.put("synchronous_standby_names", names);
        return Optional.of(Step.on(
                        lane,
                        "Set synchronous_standby_names on " + candidate.name() + " to "
                                + (names.isEmpty() ? "none" : names))
                .because("synchronous_standby_names there is '"
                        + candidate.server().synchronousNames() + "', desired "
                        + (names.isEmpty() ? "none" : "'" + names + "'"))
                .type(actions.loaded(candidate, roleSettings))
                .until(
                        until.server(
                                candidate.node(),
                                "synchronous_standby_names is '" + names + "'",
                                s -> s.synchronousNames().equals(names),
                                s -> "synchronous_standby_names is '" + s.synchronousNames() + "'"),
                        MOMENT));
    }

    private static Stage<RoleChangeState> stage(
            String name, Predicate<RoleChangeState> isDone, Function<PostgresState, Plan> planner) {
        return new Stage<>(
                name,
                state -> isDone.test(state) && state.now().primary().isPresent()
                        ? planner.apply(state.now())
                        : Plan.NOTHING);
    }

    /** Plans no start: a stopped member stays stopped, and no stage waits for it. */
    private Plan settle(PostgresState state) {
        return commits.settle(state, m -> false);
    }

    private Plan slots(PostgresState state) {
        MemberState primary = state.primary().orElseThrow();
        List<Step> steps = new ArrayList<>();
        primaryPlan.slots(primary, primary.node().id()).ifPresent(steps::add);
        primaryPlan.histories(primary).ifPresent(steps::add);
        Map<String, String> roleSettings =
                ServerConfiguration.ofPrimary(primary.disk().synchronousNames());
        if (!isWritten(primary, roleSettings) || ConfigurationPlanner.isUnread(primary)) {
            steps.add(primarySettings(primary, roleSettings));
        }
        return Plan.of(steps);
    }

    private static boolean isWritten(MemberState member, Map<String, String> roleSettings) {
        return member.disk()
                .files()
                .getOrDefault("role.conf", List.of())
                .equals(ServerConfiguration.lines(roleSettings));
    }

    private Step primarySettings(MemberState primary, Map<String, String> roleSettings) {
        Node node = primary.node();
        return Step.on(node.id(), "Write the primary configuration of " + node.name())
                .because(
                        isWritten(primary, roleSettings)
                                ? "the files are newer than the last reload"
                                : "the files still have the standby configuration")
                .type(actions.plain().role(node, roleSettings), actions.plain().reload(node))
                .until(
                        until.whole(
                                primary.member(),
                                node.name() + " has read the primary configuration from role.conf",
                                m -> isWritten(m, roleSettings) && !ConfigurationPlanner.isUnread(m),
                                m -> node.name()
                                        + (isWritten(m, roleSettings)
                                                ? " has not read role.conf yet"
                                                : " has another role.conf")),
                        MOMENT);
    }

    private Plan follow(PostgresState state) {
        MemberState primary = state.primary().orElseThrow();
        List<Step> steps = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        state.others()
                .filter(m -> !m.isOutOfReach() && m.disk().unread().isEmpty())
                .forEach(m -> {
                    if (m.isStandby()) {
                        steps.addAll(standby(state, primary, m));
                    } else {
                        stopped(state, m, steps, notes);
                    }
                });
        return (startsStopped
                        ? RemainingRedundancy.open(cluster, state, steps, notes)
                        : new Plan(steps, List.of(), notes))
                .and(RemainingRedundancy.unread(state));
    }

    private List<Step> standby(PostgresState state, MemberState primary, MemberState member) {
        Optional<String> diverged = state.diverged(member);
        if (diverged.isPresent()) {
            Optional<String> doubt = member.disk().brokenRewind();
            return comingBack.steps(
                    state,
                    member,
                    doubt.isPresent() || member.timeline() == primary.timeline() || state.hasOtherWal(member)
                            ? Outcome.CLONE
                            : Outcome.REWIND,
                    member.name() + " has diverged from " + primary.name() + ": " + diverged.get()
                            + doubt.map(d -> "; " + d).orElse(""));
        }
        return repointed(primary, member).map(List::of).orElse(List.of());
    }

    /** Returns the steps; empty when it already follows. */
    Optional<Step> repointed(MemberState primary, MemberState member) {
        Node node = member.node();
        Map<String, String> roleSettings =
                ServerConfiguration.ofStandby(cluster, member.member(), primary.node(), primary.major());
        boolean isPointed = isWritten(member, roleSettings);
        String state = primary.server().follower(member.name()).getOrDefault("state", "");
        if (isPointed && List.of("streaming", "catchup").contains(state)) {
            return Optional.empty();
        }
        return Optional.of(Step.on(node.id(), "Set primary_conninfo on " + node.name() + " to " + primary.name())
                .because(member.name()
                        + (isPointed
                                ? " does not receive WAL from " + primary.name()
                                : " is configured to follow another server"))
                .type(actions.plain().role(node, roleSettings), actions.plain().reload(node))
                .until(until.follows(primary.node(), node), FOLLOWING));
    }

    private void stopped(PostgresState state, MemberState member, List<Step> steps, List<String> notes) {
        String rejoin = "; to return it as a standby, run holdfast rejoin "
                + member.node().id();
        Optional<FenceMark> fence = member.disk().fence();
        if (!member.isDown()) {
            notes.add(member.name() + " does not answer: " + member.answer().sentence());
        } else if (fence.isPresent() && !fence.get().isSwitchover()) {
            notes.add(member.name() + " stays fenced by " + fence.get().description() + rejoin);
        } else if (startsStopped
                && member.disk().role().equals("standby")
                && member.disk().brokenRewind().isEmpty()
                && state.diverged(member).isEmpty()) {
            steps.addAll(comingBack.steps(state, member, Outcome.FOLLOW, member.name() + " is a stopped standby"));
        } else if (!member.wasPrimary()) {
            notes.add(member.name() + " is stopped; holdfast apply starts it");
        } else {
            Optional<String> left = RejoinDecision.left(state, member);
            if (left.isPresent()) {
                notes.add(left.get() + rejoin);
            } else {
                steps.addAll(comingBack.steps(
                        state,
                        member,
                        Outcome.FOLLOW,
                        "the WAL of " + member.name() + " ends at the fork to "
                                + state.primary().orElseThrow().name() + ", so no rewind is necessary"));
            }
        }
    }
}
