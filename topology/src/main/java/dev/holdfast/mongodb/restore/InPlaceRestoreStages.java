package dev.holdfast.mongodb.restore;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.restore.RestoreState.Progress;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * What a restore in place does to the declared servers themselves before anything is brought back.
 *
 * <ol>
 *   <li>The routers are stopped, so that clients are kept out until everything was verified.
 *   <li>Every member is fenced and stopped, and its data moved aside on its own disk.
 * </ol>
 *
 * Invariants: no member's data is touched before all of them are aside; nothing that was kept aside is ever removed; until
 * it is verified, {@code apply} refuses.
 */
record InPlaceRestoreStages(RestoreState state) {

    private static final Duration STOPPING = Duration.ofMinutes(6);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** Every member waits for this restore, or has begun it. */
    static boolean isCleared(RestoreState state) {
        return members(state).stream()
                .allMatch(n -> !state.of(n).state().isEmpty()
                        && state.of(n).order().equals(state.resolvedTarget().order()));
    }

    private static List<Node> members(RestoreState state) {
        return state.target().cluster().allSets().stream()
                .flatMap(s -> s.members().stream())
                .map(Member::node)
                .toList();
    }

    private String estate() {
        return state.target().topology().name();
    }

    private List<Node> waiting() {
        return members(state).stream()
                .filter(n -> state.of(n).state().isEmpty()
                        || !state.of(n).order().equals(state.resolvedTarget().order()))
                .toList();
    }

    Plan clients() {
        if (waiting().isEmpty()) {
            return Plan.NOTHING;
        }
        List<Step> steps = new ArrayList<>();
        for (Node router : state.target().cluster().routers()) {
            if (state.isUp(router)) {
                steps.add(Step.on(router.id(), "Stop mongos " + router.id())
                        .because("nobody may write until the moment was brought back and verified")
                        .risk(Risk.PAUSE)
                        .type(state.target().server(router).stop())
                        .until(ClusterConditions.down(estate(), router), STOPPING));
            }
        }
        return Plan.of(steps);
    }

    Plan aside() {
        String name = "before-restore-" + STAMP.format(state.at());
        return Plan.of(waiting().stream().map(n -> aside(n, name)).toList());
    }

    private Step aside(Node node, String name) {
        Script script = Script.of("mongodb/restore-aside.sh")
                .with("directory", node.directory())
                .with("mark", HostFacts.mark(estate(), node))
                .with("order", state.resolvedTarget().order())
                .with("name", name);
        Condition aside = new Condition(
                node.id() + " is stopped, and its data is aside",
                context -> new ProbeResult(
                        isAside(context, node)
                                && ClusterConditions.down(estate(), node)
                                        .look()
                                        .at(context)
                                        .holds(),
                        "it is not"));
        return Step.on(node.id(), "Stop " + node.id() + " and keep its data aside in kept/" + name)
                .because("it is given up only by a person, when the restore has proven itself")
                .risk(Risk.DANGER)
                .type(new Action.RunScript(node.host(), script, Access.CHANGE, STOPPING))
                .until(aside, STOPPING);
    }

    private boolean isAside(ExecutionContext context, Node node) {
        Progress now = RestoreState.progress(context, List.of(node)).get(node);
        return now.state().equals("aside")
                && now.order().equals(state.resolvedTarget().order());
    }
}
