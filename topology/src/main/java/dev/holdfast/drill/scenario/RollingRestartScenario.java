package dev.holdfast.drill.scenario;

import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.DrillGroup;
import dev.holdfast.drill.DrillScope;
import dev.holdfast.drill.EstateState;
import dev.holdfast.drill.FaultInjection;
import dev.holdfast.drill.FaultTarget;
import dev.holdfast.drill.Scenario;
import dev.holdfast.drill.fault.AffectedNode;
import dev.holdfast.drill.fault.RestartProcess;
import dev.holdfast.engine.DrillProfile.GroupRole;
import dev.holdfast.engine.DrillProfile.RecoveryTerm;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Workload.Stream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Restarts every server of an estate, one after the other, as for an update of the operating system.
 *
 * <ol>
 *   <li>Group by group: data, config servers, entrances.
 *   <li>Within a group the primary is last. It steps down first if its engine supports that.
 *   <li>The next server is restarted only when the estate is healthy again.
 * </ol>
 */
public final class RollingRestartScenario implements Scenario {

    @Override
    public List<String> sentences() {
        return List.of(
                "restart: every server, one after the other; the next one only when the estate is healthy again");
    }

    @Override
    public String target() {
        return "every server of every cluster";
    }

    @Override
    public String recoveredBy() {
        return "Holdfast starts each server again";
    }

    @Override
    public List<Refusal> refusals(DrillContext drillContext, EstateState state) {
        return affectedNodes(drillContext, state).stream()
                .flatMap(v -> drillContext.breaks().impossible(new RestartProcess(), v).stream())
                .toList();
    }

    @Override
    public boolean isOneAfterAnother() {
        return true;
    }

    @Override
    public ClientImpact clientImpact(DrillScope scope, EstateState state, Stream stream) {
        return ClientImpact.TOUCHED;
    }

    @Override
    public List<RecoveryTerm> predicted(DrillScope scope) {
        return List.of();
    }

    private static List<AffectedNode> affectedNodes(DrillContext drillContext, EstateState state) {
        List<AffectedNode> all = new ArrayList<>();
        for (DrillGroup drillGroup : drillContext.scope().clusters()) {
            for (GroupRole role : GroupRole.values()) {
                for (String group : drillGroup.drillProfile().groups(role)) {
                    Optional<Node> primary = state.primary(drillGroup.cluster().name(), group);
                    drillGroup.members(group).stream()
                            .sorted(Comparator.comparing(
                                    n -> primary.filter(n::equals).isPresent()))
                            .map(AffectedNode::of)
                            .forEach(all::add);
                }
            }
        }
        return all;
    }

    @Override
    public void run(DrillContext drillContext) {
        drillContext.next("restart one after the other");
        for (AffectedNode affected : affectedNodes(drillContext, drillContext.look())) {
            if (drillContext.isOver()) {
                return;
            }
            switchOver(drillContext, affected.nodes().get(0));
            restart(drillContext, affected);
        }
        drillContext.awaitService();
    }

    private static void restart(DrillContext drillContext, AffectedNode affected) {
        FaultInjection injection = FaultInjection.of(new RestartProcess(), new FaultTarget.Named(affected.name()));
        drillContext.mark("fault", "restart of " + affected.name());
        drillContext.damage().set(injection, List.of(affected)).stream()
                .filter(a -> !a.isOk())
                .forEach(a -> drillContext.note("the restart reported: " + a.sentence()));
        boolean state = drillContext.damage().tookEffect(injection, List.of(affected));
        drillContext.mark(state ? "in effect" : "no effect", "restart of " + affected.name());
        boolean whole = drillContext.await(
                DrillContext.longest(),
                () -> drillContext
                        .scope()
                        .look(drillContext.context())
                        .problems()
                        .isEmpty());
        if (!whole) {
            drillContext.stop("after the restart of " + affected.name() + " the estate did not become healthy again");
        }
    }

    private static void switchOver(DrillContext drillContext, Node node) {
        EstateState state = drillContext.look();
        for (DrillGroup drillGroup : drillContext.scope().clusters()) {
            if (!drillGroup.cluster().name().equals(node.cluster())
                    || state.primary(node.cluster(), node.group())
                            .filter(node::equals)
                            .isEmpty()) {
                continue;
            }
            drillGroup
                    .drillProfile()
                    .stepDown(state.of(drillGroup), node.group())
                    .ifPresent(order -> {
                        ActionResult answer = drillContext.context().ask(order);
                        drillContext.note("the step-down of " + node.id() + " reported: " + answer.sentence());
                        drillContext.await(
                                DrillContext.longest(),
                                () -> current(drillContext, node)
                                        .filter(p -> !p.equals(node))
                                        .isPresent());
                    });
        }
    }

    private static Optional<Node> current(DrillContext drillContext, Node node) {
        return drillContext.scope().look(drillContext.context()).primary(node.cluster(), node.group());
    }
}
