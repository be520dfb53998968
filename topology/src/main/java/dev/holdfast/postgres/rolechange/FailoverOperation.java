package dev.holdfast.postgres.rolechange;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.Operation.Assessment;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.execution.Action;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.archive.ArchivingPlanner;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.provision.ReplaySettings;
import dev.holdfast.postgres.rolechange.RoleChangeDecision.Outcome;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.topology.BackupRepository;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Gives the primary's part to a standby when the primary is lost.
 *
 * <ol>
 *   <li>Lost is: several real queries stayed without an answer, or its host says that its process is gone; never a port.
 *   <li>A candidate whose settings are lower than its log needs is restarted with enough of them; it could not be promoted.
 *   <li>The entrances are closed, and it is fenced on its host: every process in its folder ended, its start forbidden.
 *       Meanwhile whoever shall be promoted is made ready: slots for the others, and commits there wait for nobody who is gone.
 *   <li>Proof: a write is tried on every route, and none takes it.
 *   <li>Whoever holds every acknowledged commit is promoted. Writes go to it; standbys that are not ahead of it follow it at
 *       the same time, since its commits wait for them.
 *   <li>What follows from it: see {@link PostPromotionStages}; a checkpoint, so that members that were left behind can be rewound.
 * </ol>
 *
 * Where its host does not answer a person says that it is off; then nobody may get an answer through any entrance first.
 *
 * <p>Invariants: nobody is promoted before the old primary is fenced; nobody who may lack acknowledged commits without
 * {@code --accept-data-loss}.
 */
public final class FailoverOperation {

    /**
     * From its detection on: of thirty under a writer, on two cores, the longest took 0.9 s ({@code scripts/bench failover}); where
     * starting a program takes three times as long, more.
     */
    static final Duration PAUSE = Duration.ofSeconds(2);

    private static final Duration MOMENT = Duration.ofSeconds(15);
    private static final Duration FENCING = Duration.ofSeconds(60);
    /** A repository that does not answer delays a promotion by up to {@link ServerConfiguration#GET_SECONDS}. */
    private static final Duration PROMOTION = Duration.ofSeconds(60);

    private static final Duration CHECKPOINT = Duration.ofMinutes(10);

    private final PostgresCluster cluster;
    private final RoleChangeRequest request;
    private final RoleChangeActions serverActions;
    private final RoleChangeProbe probes;
    private final RoleChangeConditions until;
    private final ProxyTrafficSteps proxySteps;
    private final PostPromotionStages followers;

    private FailoverOperation(Topology topology, PostgresCluster cluster, RoleChangeRequest request) {
        this.cluster = cluster;
        this.request = request;
        this.serverActions = new RoleChangeActions(topology, cluster);
        this.probes = new RoleChangeProbe(topology, cluster, request.to());
        this.until = new RoleChangeConditions(probes, serverActions);
        this.proxySteps = new ProxyTrafficSteps(cluster, serverActions, until);
        this.followers = new PostPromotionStages(topology, cluster, serverActions, until, false);
    }

    public static Operation<RoleChangeState> maneuver(
            Topology topology, PostgresCluster cluster, RoleChangeRequest request) {
        FailoverOperation failover = new FailoverOperation(topology, cluster, request);
        return new Operation<>(failover.book(), failover::decided, ArchivingPlanner.continuity(topology, cluster));
    }

    private Runbook<RoleChangeState> book() {
        List<Stage<RoleChangeState>> acts = new ArrayList<>(List.of(
                new Stage<>("decision", this::decision),
                new Stage<>("start", this::start),
                new Stage<>("candidate", this::prepareCandidate),
                new Stage<>("fence", this::fence),
                new Stage<>("promotion", this::promote)));
        acts.addAll(followers.acts(this::isDone));
        acts.add(new Stage<>("checkpoint", this::checkpoint));
        return new Runbook<>(
                cluster.name(), "give the primary's part of " + cluster.name() + " to another", probes::look, acts);
    }

    private FailoverDecision now(RoleChangeState state) {
        return new FailoverDecision(state, request);
    }

    private boolean isDone(RoleChangeState state) {
        return now(state).decision().then().is(Outcome.FINISH);
    }

    private boolean isToGo(RoleChangeState state) {
        return now(state).decision().then().is(Outcome.GO);
    }

    private String where() {
        return cluster.name() + "/" + PostgresCluster.SERVERS;
    }

    private Assessment decided(RoleChangeState state) {
        Decision<RoleChangeDecision> decision = now(state).decision();
        Optional<Refusal> refusal = RoleChangeDecision.refusal(where(), decision);
        String sentence = switch (decision.then().way()) {
            case GO ->
                "fence " + now(state).lost().name() + " and promote "
                        + decision.then().node();
            case START -> "start " + decision.then().node() + ", then decide once more";
            case RESUME -> "start " + decision.then().node() + " as primary again";
            case FINISH -> decision.then().node() + " is primary; only what follows from it is left";
            default -> "nothing is done";
        };
        Duration pause = decision.then().is(Outcome.FINISH) ? Duration.ZERO : PAUSE;
        return new Assessment(
                        sentence,
                        decision.because() + announced(state),
                        refusal,
                        pause,
                        now(state).mostLost())
                .by(decision.code());
    }

    /** What commits are worth afterwards, where that is less than before. */
    private String announced(RoleChangeState state) {
        return isToGo(state)
                ? followers
                        .protection(state, candidate(state))
                        .announced()
                        .map(a -> "; then " + a)
                        .orElse("")
                : "";
    }

    private Plan decision(RoleChangeState state) {
        return RoleChangeDecision.refusal(where(), now(state).decision())
                .map(r -> Plan.refused(List.of(r)))
                .orElse(Plan.NOTHING);
    }

    private Plan start(RoleChangeState state) {
        Decision<RoleChangeDecision> decision = now(state).decision();
        RestartableMembers restartable = now(state).restartable();
        MemberStartSteps starts = new MemberStartSteps(serverActions, until, proxySteps);
        return switch (decision.then().way()) {
            case START -> starts.standbys(restartable.standbys(), decision.because());
            case RESUME ->
                starts.primary(
                        state.now(), restartable.former().orElseThrow(), decision.because(), request.acceptDataLoss());
            default -> Plan.NOTHING;
        };
    }

    private Plan prepareCandidate(RoleChangeState state) {
        if (!isToGo(state)) {
            return Plan.NOTHING;
        }
        MemberState candidate = candidate(state);
        return ReplaySettings.restart(
                cluster, candidate, serverActions.plain(), context -> probes.whole(context, candidate.member()));
    }

    private Plan fence(RoleChangeState state) {
        if (isToGo(state)
                && (now(state).lost().isOutOfReach() || !now(state).lost().hasDatabase())) {
            return fencedManually(state);
        }
        if (!isToGo(state) || isFenced(state)) {
            return Plan.NOTHING;
        }
        MemberState lost = now(state).lost();
        List<Action> actions = new ArrayList<>(proxySteps.closed(state.now()));
        actions.add(serverActions.fence(lost.node(), mark(state)));
        List<Step> steps = new ArrayList<>(List.of(
                Step.on(cluster.name(), "Close the entrances and fence " + lost.name())
                        .because(now(state).decision().because())
                        .risk(Risk.PAUSE)
                        .typeAtOnce(actions)
                        .until(until.isFenced(lost.member()), FENCING),
                proven(state)));
        MemberState candidate = candidate(state);
        steps.addAll(followers.readied(
                candidate,
                now(state).lost().node(),
                followers.protection(state, candidate).names(),
                candidate.node().id()));
        return Plan.of(steps);
    }

    private MemberState candidate(RoleChangeState state) {
        return state.member(now(state).decision().then().node()).orElseThrow();
    }

    /** A person says that it is off: whoever still gets an answer through an entrance proves that it is not. */
    private Plan fencedManually(RoleChangeState state) {
        MemberState lost = now(state).lost();
        List<Proxy> open = proxySteps.thatLetIn(state.now());
        if (open.isEmpty()) {
            return Plan.NOTHING;
        }
        return Plan.of(List.of(
                Step.on(cluster.name(), "Ask through every entrance whether " + lost.name() + " is really off")
                        .because(
                                lost.isOutOfReach()
                                        ? "its host does not answer here, and it was said to be fenced by hand; a proxy may"
                                                + " still reach it"
                                        : "its data folder is gone, so it cannot be fenced there; a proxy may still reach it")
                        .until(until.noneAnswers(open.stream().map(Proxy::node).toList()), MOMENT),
                Step.on(cluster.name(), "Close the entrances")
                        .because("until another is primary they lead to " + lost.name())
                        .risk(Risk.PAUSE)
                        .type(proxySteps.closed(state.now()))
                        .until(until.route(open, List.of()), MOMENT)));
    }

    /** Fenced by this or an earlier run, or by hand where its host is out of reach. */
    private boolean isFenced(RoleChangeState state) {
        MemberState lost = now(state).lost();
        return lost.isOutOfReach()
                || lost.isDown() && !lost.hasDatabase()
                || lost.isDown()
                        && !lost.disk().marks().containsKey("left")
                        && lost.disk().fence().filter(f -> !f.isSwitchover()).isPresent();
    }

    private FenceMark mark(RoleChangeState state) {
        int timeline =
                state.standbys().stream().mapToInt(MemberState::timeline).max().orElse(0);
        return new FenceMark(
                FenceMark.FAILOVER,
                Math.max(timeline, now(state).lost().timeline()),
                now(state).decision().then().node(),
                state.at().toString());
    }

    private Step proven(RoleChangeState state) {
        MemberState lost = now(state).lost();
        List<Node> routes = new ArrayList<>(List.of(lost.node()));
        ProxyTrafficSteps.proxies(state.now()).stream().map(Proxy::node).forEach(routes::add);
        return Step.on(cluster.name(), "Try a write on every route to " + lost.name())
                .because("nobody is promoted while any route still takes writes")
                .until(until.writesAreRefused(routes), MOMENT);
    }

    /** Decided once more, after the fence: the WAL of a primary that went on until then may hold more than at first. */
    private Plan promote(RoleChangeState state) {
        if (!isToGo(state)) {
            return Plan.NOTHING;
        }
        MemberState candidate = candidate(state);
        if (!isFenced(state)) {
            return new Plan(
                    List.of(),
                    List.of(),
                    List.of("then " + candidate.name() + " is promoted and gets the writes, and the others follow it"));
        }
        List<Step> steps = new ArrayList<>();
        steps.addAll(followers.readied(
                candidate,
                now(state).lost().node(),
                followers.protection(state, candidate).names(),
                cluster.name()));
        steps.add(Step.on(cluster.name(), "Promote " + candidate.name())
                .because(now(state).decision().because())
                .risk(request.acceptDataLoss() ? Risk.DANGER : Risk.PAUSE)
                .type(serverActions.promote(candidate.node()))
                .until(until.leads(candidate.node()), PROMOTION));
        proxySteps
                .opened(state.now(), candidate.name(), candidate.name() + " is primary now")
                .ifPresent(steps::add);
        steps.addAll(followers.repointed(state, candidate));
        return Plan.of(steps);
    }

    private Plan checkpoint(RoleChangeState state) {
        if (!isDone(state)) {
            return Plan.NOTHING;
        }
        MemberState primary = state.now().primary().orElseThrow();
        List<String> notes = BackupRepository.of(cluster)
                .map(r -> "every backup made so far is of an earlier timeline than " + primary.timeline()
                        + ": make a new one with holdfast backup run " + cluster.name())
                .stream()
                .toList();
        if (primary.server().controlTimeline() == primary.server().timeline()) {
            return new Plan(List.of(), List.of(), notes);
        }
        String left = state.now()
                .others()
                .filter(m -> !m.isUp())
                .map(MemberState::name)
                .collect(Collectors.joining(", "));
        return new Plan(
                List.of(Step.on(
                                primary.node().id(),
                                "Write the timeline of " + primary.name() + " into its control file")
                        .because("until then nobody can be rewound to it"
                                + (left.isEmpty() ? "" : ", and " + left + " may have to be"))
                        .type(serverActions.checkpoint(primary.node()))
                        .until(until.controlFileShowsItsTimeline(primary.node()), CHECKPOINT)),
                List.of(),
                notes);
    }
}
