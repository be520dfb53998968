package dev.holdfast.mongodb.provision;

import dev.holdfast.execution.Action;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.AdminCommands;
import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.OptionsDiff;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
            OptionsDiff drift = OptionsDiff.of(state.cluster(), n);
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
                .filter(n -> OptionsDiff.of(state.cluster(), n).oplog() == 0
                        || OptionsDiff.of(state.cluster(), n).oplog() >= LEAST_OPLOG)
                .flatMap(n -> live(state, n).stream())
                .toList();
        return Plan.of(steps).and(RollingRestartPlanner.reached(state));
    }

    private static Refusal tooSmall(Node node, OptionsDiff drift) {
        return new Refusal(
                node.id(),
                "oplogSize: " + drift.oplog() + "MB is below the " + LEAST_OPLOG
                        + " MB that replSetResizeOplog accepts on a running member; the oplog keeps its present size",
                "declare oplogSize: " + LEAST_OPLOG + "MB or more, or the present size ("
                        + String.join("; ", drift.because()) + ")");
    }

    private static List<Step> live(MongoState state, NodeState server) {
        OptionsDiff drift = OptionsDiff.of(state.cluster(), server);
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
                context -> new ClusterConditions(state.credentials())
                        .asDeclared(context, state.cluster(), node, OptionsDiff::because));
        return List.of(Step.on(node.id(), "Set " + String.join(", ", names) + " on " + node.id())
                .because(String.join("; ", drift.because()))
                .type(actions)
                .until(set, SOON));
    }
}
