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
 * Moves the primary's role in a planned way: breaks nothing.
 *
 * @param byHoldfast whether by the switchover that an operator types, or by the engine's own word for it
 */
public record SwitchoverScenario(boolean byHoldfast) implements Scenario {

    @Override
    public List<String> sentences() {
        return List.of(
                byHoldfast
                        ? "switchover: the primary hands its role over, as holdfast switchover does it"
                        : "step-down: the primary is asked to hand its role over");
    }

    @Override
    public String whom() {
        return TargetSelector.PRIMARY.sentence();
    }

    @Override
    public String byWhom() {
        return byHoldfast ? "Holdfast moves the role" : "the group elects by itself";
    }

    @Override
    public List<Refusal> refusals(DrillContext stage, EstateState seen) {
        if (byHoldfast) {
            DrillRoleChanges.switchover(site(stage));
        }
        return seen.primary(site(stage)).isPresent()
                ? List.of()
                : List.of(new Refusal(stage.scene().name(), "gate target: nobody is primary", "holdfast status"));
    }

    private static DrillGroup site(DrillContext stage) {
        return stage.scene().sites().get(0);
    }

    @Override
    public ClientImpact felt(DrillScope scene, EstateState seen, Stream stream) {
        DrillGroup site = scene.sites().get(0);
        boolean isIts =
                stream.cluster().equals(site.cluster().name()) && stream.group().equals(site.group());
        return isIts ? ClientImpact.STRUCK : ClientImpact.NOTHING;
    }

    @Override
    public List<RecoveryTerm> predicted(DrillScope scene) {
        DrillGroup site = scene.sites().get(0);
        return site.rehearsal().forecast(site.group(), FaultEffect.HANDED_OVER);
    }

    @Override
    public void run(DrillContext stage) {
        if (!stage.next("hand over")) {
            return;
        }
        EstateState seen = stage.look();
        Optional<Node> before = seen.primary(site(stage));
        stage.mark("break", before.map(Node::id).orElse("nobody"));
        if (byHoldfast) {
            new DrillRoleChanges(stage).carryOut(DrillRoleChanges.switchover(site(stage)), () -> {});
        } else {
            stepDown(stage, seen, before);
        }
        boolean moved = !stage.look().primary(site(stage)).equals(before);
        stage.mark(moved ? "in effect" : "no effect", "the role was handed over");
        stage.awaitService();
        new DrillRoleChanges(stage).tellAccounts();
    }

    private static void stepDown(DrillContext stage, EstateState seen, Optional<Node> before) {
        DrillGroup site = site(stage);
        Optional<Action> order = site.rehearsal().stepDown(seen.of(site), site.group());
        if (order.isEmpty()) {
            stage.note("the engine has no word to hand over a role");
            return;
        }
        ActionResult answer = stage.world().ask(order.get());
        stage.note("the step-down said: " + answer.sentence());
        stage.await(DrillContext.longest(), () -> {
            Optional<Node> now = stage.scene().look(stage.world()).primary(site);
            return now.isPresent() && !now.equals(before);
        });
    }
}
