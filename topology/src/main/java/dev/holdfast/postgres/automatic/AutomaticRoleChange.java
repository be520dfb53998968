package dev.holdfast.postgres.automatic;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.Operation.Assessment;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.archive.ArchivingPlanner;
import dev.holdfast.postgres.automatic.AutomaticRecords.OwnRole;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.proxy.ProxyPlanner;
import dev.holdfast.postgres.rolechange.RoleChangeDecision;
import dev.holdfast.postgres.rolechange.RoleChangeDecision.Outcome;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.value.JsonText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * A switchover or failover by Patroni.
 *
 * <ol>
 *   <li>Decide: {@link AutomaticDecision} refuses before Patroni gets a request.
 *   <li>Switchover: request it from Patroni, which stops the primary, verifies that the candidate has all WAL, and moves the
 *       leader lock. Failover: wait until Patroni promotes a standby, which it does when the lock has expired.
 *   <li>Wait until the proxies send writes to the new primary, and, after a switchover, until the old primary follows.
 * </ol>
 */
public final class AutomaticRoleChange {

    /** A switchover of Patroni 3.0, as measured with a writer. */
    private static final Duration PAUSE = Duration.ofSeconds(3);

    private static final Duration ANSWER = Duration.ofSeconds(90);
    private static final Duration FOLLOWING = Duration.ofMinutes(5);
    /** What a promotion takes after the lock has expired. */
    private static final Duration PROMOTION = Duration.ofSeconds(60);

    private final PostgresCluster cluster;
    private final RoleChangeRequest request;
    private final List<DecisionRule<AutomaticDecision, RoleChangeDecision>> table;
    private final boolean isPlanned;
    private final AutomaticProbe probe;
    private final AutomaticActions actions;
    private final MemberConditions until;
    private final ProxyPlanner proxies;
    private final AtomicReference<String> chosen = new AtomicReference<>();
    private final AtomicReference<Node> left = new AtomicReference<>();

    private AutomaticRoleChange(
            Topology topology, PostgresCluster cluster, RoleChangeRequest request, boolean isPlanned) {
        this.cluster = cluster;
        this.request = request;
        this.isPlanned = isPlanned;
        this.table = isPlanned ? AutomaticDecision.SWITCHOVER : AutomaticDecision.FAILOVER;
        this.probe = new AutomaticProbe(topology, cluster);
        this.actions = new AutomaticActions(topology, cluster);
        this.until = new MemberConditions(new ClusterProbe(topology, cluster));
        this.proxies = new ProxyPlanner(topology, cluster, until, (state, m) -> false);
    }

    /** Returns the operation that moves the primary role as planned work. */
    public static Operation<?> switchover(Topology topology, PostgresCluster cluster, RoleChangeRequest request) {
        return new AutomaticRoleChange(topology, cluster, request, true).operation(topology);
    }

    /** Returns the operation that waits for Patroni's promotion of another member, where one can be expected. */
    public static Operation<?> failover(Topology topology, PostgresCluster cluster, RoleChangeRequest request) {
        return new AutomaticRoleChange(topology, cluster, request, false).operation(topology);
    }

    private Operation<AutomaticState> operation(Topology topology) {
        Runbook<AutomaticState> runbook = new Runbook<>(
                cluster.name(),
                (isPlanned ? "switch over " : "fail over ") + cluster.name(),
                context -> probe.look(context, false),
                List.of(
                        stage("decision", this::decision),
                        stage(isPlanned ? "handover" : "promotion", this::change),
                        stage("routes", state -> afterwards(state, s -> proxies.routesOfRunning(s.servers()))),
                        stage("followers", state -> afterwards(state, this::followers))));
        return new Operation<>(runbook, this::decided, ArchivingPlanner.continuity(topology, cluster));
    }

    private static Stage<AutomaticState> stage(String name, Function<AutomaticState, Plan> planner) {
        return new Stage<>(name, planner);
    }

    /** After the change, the member that was chosen first counts as requested, so that the role does not move twice. */
    private Decision<RoleChangeDecision> rule(AutomaticState state) {
        Optional<String> to = request.to().or(() -> Optional.ofNullable(chosen.get()));
        RoleChangeRequest now =
                new RoleChangeRequest(request.group(), to, request.acceptDataLoss(), request.overrides());
        Decision<RoleChangeDecision> decision = AutomaticDecision.of(table, state, now);
        if (decision.then().is(Outcome.GO)) {
            chosen.compareAndSet(null, decision.then().node());
            state.leader().map(MemberState::node).ifPresent(n -> left.compareAndSet(null, n));
        }
        return decision;
    }

    private String where() {
        return cluster.name() + "/" + PostgresCluster.SERVERS;
    }

    private Assessment decided(AutomaticState state) {
        Decision<RoleChangeDecision> decision = rule(state);
        String to = decision.then().node();
        String sentence = switch (decision.then().way()) {
            case GO ->
                isPlanned
                        ? "move the primary of " + cluster.name() + " from "
                                + state.leader().map(MemberState::name).orElse("none") + " to " + to
                        : "wait until Patroni promotes a standby of " + cluster.name();
            case FINISH -> to + " is primary; only the verification is left";
            default -> "nothing is done";
        };
        Duration pause = decision.then().is(Outcome.FINISH)
                ? Duration.ZERO
                : isPlanned ? PAUSE : cluster.automatic().orElseThrow().ttl();
        Assessment assessment = new Assessment(
                        sentence, decision.because(), RoleChangeDecision.refusal(where(), decision), pause)
                .by(decision.code());
        boolean isKnown =
                isPlanned && decision.then().is(Outcome.GO) || decision.then().is(Outcome.FINISH);
        return isKnown ? assessment.to(to) : assessment;
    }

    private Plan decision(AutomaticState state) {
        return RoleChangeDecision.refusal(where(), rule(state))
                .map(r -> Plan.refused(List.of(r)))
                .orElse(Plan.NOTHING);
    }

    private Plan change(AutomaticState state) {
        Decision<RoleChangeDecision> decision = rule(state);
        if (!decision.then().is(Outcome.GO)) {
            return Plan.NOTHING;
        }
        return Plan.of(List.of(isPlanned ? handover(state, decision) : promotion(decision)));
    }

    private Step handover(AutomaticState state, Decision<RoleChangeDecision> decision) {
        MemberState from = state.leader().orElseThrow();
        String to = decision.then().node();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("leader", from.name());
        body.put("candidate", to);
        return Step.on(cluster.name(), "Switch over from " + from.name() + " to " + to + " with Patroni")
                .because(decision.because())
                .risk(Risk.PAUSE)
                .type(actions.request(from.node(), "POST", "switchover", JsonText.of(body), ANSWER))
                .looked()
                .until(until.leads(state.member(to).orElseThrow().node()), ANSWER);
    }

    private Step promotion(Decision<RoleChangeDecision> decision) {
        return Step.on(cluster.name(), "Wait until Patroni promotes a standby")
                .because(decision.because())
                .risk(Risk.PAUSE)
                .until(
                        probe.members(
                                "a member with the leader lock is primary",
                                AutomaticRoleChange::isLed,
                                all -> isLed(all) ? "a member is" : "no member has promoted itself"),
                        cluster.automatic().orElseThrow().ttl().multipliedBy(2).plus(PROMOTION));
    }

    private static boolean isLed(List<PatroniMember> all) {
        return all.stream()
                .anyMatch(p -> p.isServing()
                        && p.rest().filter(r -> r.role() == OwnRole.PRIMARY).isPresent());
    }

    /** Plans what follows a change that this run has made, or that was made before it. */
    private Plan afterwards(AutomaticState state, Function<AutomaticState, Plan> planner) {
        Optional<MemberState> primary = state.servers().primary();
        boolean isDone = isPlanned
                ? rule(state).then().is(Outcome.FINISH)
                : primary.isPresent()
                        && state.leader().filter(MemberState::isPrimary).isPresent();
        return isDone ? planner.apply(state) : Plan.NOTHING;
    }

    private Plan followers(AutomaticState state) {
        Optional<MemberState> primary = state.servers().primary();
        if (!isPlanned || primary.isEmpty() || left.get() == null) {
            return Plan.NOTHING;
        }
        MemberState old = state.servers().member(left.get());
        String name = primary.get().name();
        List<Step> steps = new ArrayList<>();
        if (!old.name().equals(name) && !state.servers().follows(old)) {
            steps.add(Step.on(old.node().id(), "Wait until " + old.name() + " follows " + name)
                    .because(old.name() + " was primary before the switchover")
                    .until(until.standbyRuns(primary.get().node(), old.member()), FOLLOWING));
        }
        if (state.needsSynchronous() && state.synchronous().isEmpty()) {
            steps.add(Step.on(cluster.name(), "Wait until a synchronous standby follows")
                    .because("Patroni has no synchronous standby yet")
                    .until(probe.hasSynchronous(), FOLLOWING));
        }
        return Plan.of(steps);
    }
}
