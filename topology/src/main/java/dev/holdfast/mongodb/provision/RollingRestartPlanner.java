package dev.holdfast.mongodb.provision;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.AdminCommands;
import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.rolechange.SwitchoverFacts;
import dev.holdfast.mongodb.rolechange.SwitchoverSteps;
import dev.holdfast.mongodb.state.HostFiles;
import dev.holdfast.mongodb.state.HostFiles.OtherProgram;
import dev.holdfast.mongodb.state.MemberHealth;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.OptionsDiff;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Plans restarts of the servers whose options, program or operating system user change only with a restart.
 *
 * <ol>
 *   <li>In each set, one server at a time: secondaries first. The next restart waits until the whole set is healthy and has
 *       caught up.
 *   <li>The primary steps down and is restarted last.
 *   <li>Routers follow, one after another, when all sets are done.
 * </ol>
 *
 * Invariant: no server is restarted while another member of its set is not healthy.
 */
final class RollingRestartPlanner {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration RESTART = Duration.ofSeconds(300);
    private static final long CAUGHT_UP_SECONDS = 10;
    /** The time that a server waits for its clients after SIGTERM; MongoDB's default is 15 s. */
    private static final int QUIESCE_MILLIS = 100;

    private RollingRestartPlanner() {}

    /** Plans the sets whose servers keep their programs, in parallel; {@link UpgradePlanner} orders the others. */
    static Plan plan(MongoState state) {
        Plan plan = Plan.NOTHING;
        for (ReplicaSetState set : state.sets()) {
            plan = PendingUpgrade.isPending(state, set) ? plan : plan.and(plan(state, set));
        }
        return plan;
    }

    /** Plans the same for sets whose members' hosts all answer. */
    static Plan reached(MongoState state) {
        return state.sets().stream()
                .filter(s -> s.isReached() && !PendingUpgrade.isPending(state, s))
                .map(s -> plan(state, s))
                .reduce(Plan.NOTHING, Plan::and);
    }

    /** Plans the routers, which are last: by then their config servers are as declared. */
    static Plan routers(MongoState state) {
        boolean isBlocked = PendingUpgrade.blocker(state).isPresent();
        return Plan.of(state.routers().stream()
                .filter(r -> !reasons(state, r).isEmpty())
                .filter(r -> !isBlocked || r.otherProgram(state.cluster()).isEmpty())
                .map(r -> restart(state, r))
                .toList());
    }

    /** Returns why a server must be restarted: options, another program or user, or a router's other address or port. */
    private static List<String> reasons(MongoState state, NodeState server) {
        List<String> reasons =
                new ArrayList<>(OptionsDiff.of(state.cluster(), server).restart());
        server.otherProgram(state.cluster()).ifPresent(reasons::add);
        server.otherUser().ifPresent(reasons::add);
        if (server.isRouter()) {
            server.otherEndpoint()
                    .ifPresent(e -> reasons.add("the server listens on " + e + ", desired "
                            + server.node().endpoint()));
        }
        return reasons;
    }

    static Plan plan(MongoState state, ReplicaSetState set) {
        List<NodeState> drifted = set.members().stream()
                .filter(n -> !reasons(state, n).isEmpty())
                .sorted(Comparator.comparing(NodeState::isPrimary))
                .toList();
        if (drifted.isEmpty()) {
            return Plan.NOTHING;
        }
        if (!MemberHealth.lacking(set).isEmpty()) {
            return new Plan(
                    List.of(),
                    List.of(),
                    List.of(state.lane(set) + ": " + drifted.size()
                            + " of its servers need a restart, which waits until all members are healthy"));
        }
        List<Step> steps = new ArrayList<>();
        for (NodeState server : drifted) {
            if (server.isPrimary() && hasSuccessor(set, server)) {
                steps.addAll(switchOver(state, set, server));
            }
            steps.add(restart(state, set, server));
        }
        return Plan.of(steps);
    }

    static boolean hasSuccessor(ReplicaSetState set, NodeState primary) {
        return set.desired().members().stream()
                .anyMatch(m -> !m.node().equals(primary.node()) && m.priority() > 0 && !m.arbiter());
    }

    /** Prefers the member with the highest priority, so that one election is enough. */
    private static List<Step> switchOver(MongoState state, ReplicaSetState set, NodeState primary) {
        SwitchoverFacts move = SwitchoverFacts.of(state, set, Optional.empty(), Set.of());
        return move.candidate().isPresent() && move.primary().isPresent()
                ? new SwitchoverSteps(move, primary.login()).switchOver().steps()
                : List.of(stepDown(state, set, primary));
    }

    private static Step stepDown(MongoState state, ReplicaSetState set, NodeState primary) {
        Node node = primary.node();
        return Step.on(state.lane(set), "Step down " + node.id() + " before its restart")
                .because(node.name() + " is primary of " + set.name())
                .risk(Risk.PAUSE)
                .type(AdminCommands.stepDown(node, primary.login()))
                .until(ClusterConditions.elected(set.desired(), node), SOON);
    }

    private static Step restart(MongoState state, ReplicaSetState set, NodeState server) {
        Node node = server.node();
        Condition back = new Condition(
                node.id() + " runs as declared and all members of " + set.name() + " have caught up", context -> {
                    ProbeResult restarted = restarted(state, node, context);
                    return restarted.holds() ? caughtUp(state, set, context) : restarted;
                });
        List<Action> actions = new ArrayList<>();
        if (!server.login().isAnonymous()) { // an arbiter accepts no login, and has no clients to wait for
            actions.add(AdminCommands.parameters(
                    node, server.login(), Map.of("shutdownTimeoutMillisForSignaledShutdown", QUIESCE_MILLIS)));
        }
        actions.add(state.server(node).restart());
        return Step.on(state.lane(set), "Restart " + node.id())
                .because(String.join("; ", reasons(state, server)))
                .risk(hasSuccessor(set, server) ? Risk.NONE : Risk.PAUSE)
                .type(actions)
                .until(back, RESTART);
    }

    private static ProbeResult restarted(MongoState state, Node node, ExecutionContext context) {
        boolean isArbiter = state.servers().anyMatch(s -> s.node().equals(node) && s.isArbiter());
        ProbeResult options = isArbiter
                ? ClusterConditions.answers(node).look().at(context)
                : new ClusterConditions(state.credentials())
                        .asDeclared(context, state.cluster(), node, OptionsDiff::restart);
        boolean isOther = state.servers()
                .filter(s -> s.node().equals(node))
                .map(NodeState::files)
                .anyMatch(f -> f.program().isPresent() || f.user().isPresent());
        return options.holds() && isOther ? runs(state, node, context) : options;
    }

    /** Returns whether the server runs the declared program file, as the desired operating system user. */
    private static ProbeResult runs(MongoState state, Node node, ExecutionContext context) {
        HostFiles files = HostFiles.look(context, state.topology(), state.cluster());
        ActionResult answer = files.answers().get(node.host());
        if (!answer.isOk()) {
            return Condition.notYet(answer.sentence());
        }
        Optional<String> other = files.byNode()
                .get(node)
                .program()
                .map(OtherProgram::running)
                .or(() -> files.byNode().get(node).user().map(u -> "as user " + u.running()));
        return new ProbeResult(other.isEmpty(), "the server runs " + other.orElse("as declared"));
    }

    private static ProbeResult caughtUp(MongoState state, ReplicaSetState set, ExecutionContext context) {
        ClusterConditions until = new ClusterConditions(state.credentials());
        ProbeResult whole = until.whole(set.desired()).look().at(context);
        if (!whole.holds()) {
            return whole;
        }
        long lag = until.greatestLag(context, set.desired());
        return new ProbeResult(lag <= CAUGHT_UP_SECONDS, "the greatest lag is " + lag + " s");
    }

    private static Step restart(MongoState state, NodeState router) {
        Node node = router.node();
        Condition back = new Condition(node.id() + " runs as declared", w -> restarted(state, node, w));
        List<Action> actions = new ArrayList<>();
        if (router.answers()) {
            actions.add(AdminCommands.parameters(
                    node, router.login(), Map.of("mongosShutdownTimeoutMillisForSignaledShutdown", QUIESCE_MILLIS)));
        }
        actions.add(state.server(node).restart());
        return Step.on(state.cluster().name() + "/routers", "Restart router " + node.id())
                .because(String.join("; ", reasons(state, router)))
                .risk(Risk.PAUSE)
                .type(actions)
                .until(back, RESTART);
    }
}
