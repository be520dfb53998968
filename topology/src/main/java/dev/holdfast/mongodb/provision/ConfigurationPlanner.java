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
 * The act that brings servers to their declared options: what a running server takes up is written into its file and set
 * at once, the rest is left to a {@link RollingRestartPlanner}.
 */
public final class ConfigurationPlanner {

    /** What replSetResizeOplog accepts at least, in MB. */
    private static final long LEAST_OPLOG = 990;

    private static final Duration SOON = Duration.ofSeconds(30);

    private ConfigurationPlanner() {}

    static Plan plan(MongoState seen) {
        List<Step> steps = new ArrayList<>();
        List<Refusal> refused = new ArrayList<>();
        seen.servers().forEach(n -> {
            OptionsDiff drift = drift(seen, n);
            if (drift.oplog() > 0 && drift.oplog() < LEAST_OPLOG) {
                refused.add(tooSmall(n.node(), drift));
            } else {
                steps.addAll(live(seen, n));
            }
        });
        return Plan.of(steps).and(Plan.missing(refused)).and(RollingRestartPlanner.plan(seen));
    }

    /** While a host does not answer: servers that answer get what a running server takes up; sets without a member there also restart. */
    static Plan reached(MongoState seen) {
        List<Step> steps = seen.servers()
                .filter(NodeState::answers)
                .filter(n -> drift(seen, n).oplog() == 0 || drift(seen, n).oplog() >= LEAST_OPLOG)
                .flatMap(n -> live(seen, n).stream())
                .toList();
        return Plan.of(steps).and(RollingRestartPlanner.reached(seen));
    }

    private static Refusal tooSmall(Node node, OptionsDiff drift) {
        return new Refusal(
                node.id(),
                "oplogSize: " + drift.oplog() + "MB is below the " + LEAST_OPLOG
                        + " MB that replSetResizeOplog accepts on a running member; its oplog keeps its size",
                "declare oplogSize: " + LEAST_OPLOG + "MB or more, or the size that it has ("
                        + String.join("; ", drift.because()) + ")");
    }

    public static OptionsDiff drift(MongoState seen, NodeState server) {
        return OptionsDiff.of(ServerConfiguration.of(seen.cluster(), server.node()), server.heard());
    }

    private static List<Step> live(MongoState seen, NodeState server) {
        OptionsDiff drift = drift(seen, server);
        if (drift.because().isEmpty()) {
            return List.of();
        }
        Node node = server.node();
        List<Action> actions = new ArrayList<>(List.of(seen.server(node).configure()));
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
                world -> glimpse(now(seen, node, world).map(OptionsDiff::because)));
        return List.of(Step.on(node.id(), "Set " + String.join(", ", names) + " on " + node.id())
                .because(String.join("; ", drift.because()))
                .type(actions)
                .until(set, SOON));
    }

    /** Whether a server now runs with all that only a restart could mend. */
    static ProbeResult restarted(MongoState seen, Node node, ExecutionContext world) {
        return glimpse(now(seen, node, world).map(OptionsDiff::restart));
    }

    private static Optional<OptionsDiff> now(MongoState seen, Node node, ExecutionContext world) {
        ServerReply heard =
                ServerReply.from(world, seen.logins(), node, ServerConfiguration.watchedParameters(seen.cluster()));
        return heard.options().isEmpty()
                ? Optional.empty()
                : Optional.of(OptionsDiff.of(ServerConfiguration.of(seen.cluster(), node), heard));
    }

    private static ProbeResult glimpse(Optional<List<String>> left) {
        return left.map(l -> new ProbeResult(l.isEmpty(), l.isEmpty() ? "as declared" : String.join("; ", l)))
                .orElse(Condition.notYet("it does not tell its options"));
    }
}
