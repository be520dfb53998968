package dev.holdfast.drill.scenario;

import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.DrillGroup;
import dev.holdfast.drill.DrillRoleChanges;
import dev.holdfast.drill.DrillScope;
import dev.holdfast.drill.EstateState;
import dev.holdfast.drill.Scenario;
import dev.holdfast.drill.TargetSelector;
import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.engine.DrillProfile.RecoveryTerm;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Workload.Stream;
import java.util.List;
import java.util.Optional;

/**
 * Moves the primary role as planned work; injects no fault.
 *
 * @param byHoldfast whether by Holdfast's switchover, or by the engine's own command
 */
public record SwitchoverScenario(boolean byHoldfast) implements Scenario {

    @Override
    public List<String> sentences() {
        return List.of(
                byHoldfast
                        ? "switchover: the primary role moves, as by holdfast switchover"
                        : "step-down: the primary gives up its role by the engine's command");
    }

    @Override
    public String target() {
        return TargetSelector.PRIMARY.sentence();
    }

    @Override
    public String recoveredBy() {
        return byHoldfast ? "Holdfast moves the role" : "the group elects a new primary";
    }

    @Override
    public List<Refusal> refusals(DrillContext drillContext, EstateState state) {
        if (byHoldfast) {
            DrillRoleChanges.switchover(drillGroup(drillContext));
        }
        return state.primary(drillGroup(drillContext)).isPresent()
                ? List.of()
                : List.of(new Refusal(
                        drillContext.scope().name(), "gate target: there is no primary", "holdfast status"));
    }

    private static DrillGroup drillGroup(DrillContext drillContext) {
        return drillContext.scope().drillGroups().get(0);
    }

    @Override
    public ClientImpact clientImpact(DrillScope scope, EstateState state, Stream stream) {
        DrillGroup drillGroup = scope.drillGroups().get(0);
        boolean isIts = stream.cluster().equals(drillGroup.cluster().name())
                && stream.group().equals(drillGroup.group());
        return isIts ? ClientImpact.AFFECTED : ClientImpact.NOTHING;
    }

    @Override
    public List<RecoveryTerm> predicted(DrillScope scope) {
        DrillGroup drillGroup = scope.drillGroups().get(0);
        return drillGroup.drillProfile().forecast(drillGroup.group(), FaultEffect.SWITCHED_OVER);
    }

    @Override
    public void run(DrillContext drillContext) {
        if (!drillContext.next("move the role")) {
            return;
        }
        EstateState state = drillContext.look();
        Optional<Node> before = state.primary(drillGroup(drillContext));
        drillContext.mark("fault", before.map(Node::id).orElse("no fault"));
        if (byHoldfast) {
            new DrillRoleChanges(drillContext)
                    .carryOut(DrillRoleChanges.switchover(drillGroup(drillContext)), () -> {});
        } else {
            stepDown(drillContext, state, before);
        }
        boolean moved = !drillContext.look().primary(drillGroup(drillContext)).equals(before);
        drillContext.mark(moved ? "in effect" : "no effect", "the role has moved");
        drillContext.awaitService();
        new DrillRoleChanges(drillContext).reportRoleChanges();
    }

    private static void stepDown(DrillContext drillContext, EstateState state, Optional<Node> before) {
        DrillGroup drillGroup = drillGroup(drillContext);
        Optional<Action> order = drillGroup.drillProfile().stepDown(state.of(drillGroup), drillGroup.group());
        if (order.isEmpty()) {
            drillContext.note("the engine has no command that moves the primary role");
            return;
        }
        ActionResult answer = drillContext.context().ask(order.get());
        drillContext.note("the step-down reported: " + answer.sentence());
        drillContext.await(DrillContext.longest(), () -> {
            Optional<Node> now =
                    drillContext.scope().look(drillContext.context()).primary(drillGroup);
            return now.isPresent() && !now.equals(before);
        });
    }
}
