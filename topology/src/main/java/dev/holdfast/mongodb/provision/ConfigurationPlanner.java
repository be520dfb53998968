package dev.holdfast.mongodb.provision;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.AdminCommands;
import dev.holdfast.mongodb.configuration.ServerConfiguration;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.OptionsDiff;
import dev.holdfast.mongodb.state.ServerReply;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The stage that brings servers to their declared options. Options that a running server accepts are written into its
 * file and set at once. A {@link RollingRestartPlanner} applies the others.
 */
public final class ConfigurationPlanner {

    /** The smallest size that replSetResizeOplog accepts, in MB. */
    private static final long LEAST_OPLOG = 990;

    private static final Duration SOON = Duration.ofSeconds(30);

    private ConfigurationPlanner() {}

    static Plan plan(MongoState state) {
        List<Step> steps = new ArrayList<>();
        List<Refusal> refused = new ArrayList<>();
        state.servers().forEach(n -> {
            OptionsDiff drift = drift(state, n);
            if (drift.oplog() > 0 && drift.oplog() < LEAST_OPLOG) {
                refused.add(tooSmall(n.node(), drift));
            } else {
                steps.addAll(live(state, n));
            }
        });
        return Plan.of(steps).and(Plan.missing(refused)).and(RollingRestartPlanner.plan(state));
    }

    /** While a host is unreachable: servers that answer get the options that need no restart. Sets without a member there also restart. */
    static Plan reached(MongoState state) {
        List<Step> steps = state.servers()
                .filter(NodeState::answers)
                .filter(n -> drift(state, n).oplog() == 0 || drift(state, n).oplog() >= LEAST_OPLOG)
                .flatMap(n -> live(state, n).stream())
                .toList();
        return Plan.of(steps).and(RollingRestartPlanner.reached(state));
    }

    private static Refusal tooSmall(Node node, OptionsDiff drift) {
        return new Refusal(
                node.id(),
                "oplogSize: " + drift.oplog() + "MB is below the " + LEAST_OPLOG
                        + " MB that replSetResizeOplog accepts on a running member; its oplog keeps its size",
                "declare oplogSize: " + LEAST_OPLOG + "MB or more, or its present size ("
                        + String.join("; ", drift.because()) + ")");
    }

    public static OptionsDiff drift(MongoState state, NodeState server) {
        return OptionsDiff.of(ServerConfiguration.of(state.cluster(), server.node()), server.reply());
    }

    private static List<Step> live(MongoState state, NodeState server) {
        OptionsDiff drift = drift(state, server);
        if (drift.because().isEmpty()) {
            return List.of();
        }
        Node node = server.node();
        List<Action> actions = new ArrayList<>(List.of(state.server(node).configure()));
        List<String> names = new ArrayList<>(drift.live().keySet());
        if (!drift.live().isEmpty()) {
            actions.add(AdminCommands.parameters(node, server.login(), drift.live()));
        }
        if (drift.oplog() > 0) {
            names.add("the oplog size");
            actions.add(AdminCommands.resizeOplog(node, server.login(), drift.oplog()));
        }
        Condition set = new Condition(
                "the parameters of " + node.id() + " are as declared",
                context -> probeResult(now(state, node, context).map(OptionsDiff::because)));
        return List.of(Step.on(node.id(), "Set " + String.join(", ", names) + " on " + node.id())
                .because(String.join("; ", drift.because()))
                .type(actions)
                .until(set, SOON));
    }

    /** Returns whether a server now runs with all options that need a restart. */
    static ProbeResult restarted(MongoState state, Node node, ExecutionContext context) {
        return probeResult(now(state, node, context).map(OptionsDiff::restart));
    }

    private static Optional<OptionsDiff> now(MongoState state, Node node, ExecutionContext context) {
        ServerReply reply =
                ServerReply.from(context, state.logins(), node, ServerConfiguration.watchedParameters(state.cluster()));
        return reply.options().isEmpty()
                ? Optional.empty()
                : Optional.of(OptionsDiff.of(ServerConfiguration.of(state.cluster(), node), reply));
    }

    private static ProbeResult probeResult(Optional<List<String>> left) {
        return left.map(l -> new ProbeResult(l.isEmpty(), l.isEmpty() ? "as declared" : String.join("; ", l)))
                .orElse(Condition.notYet("its options cannot be read"));
    }
}
