package dev.holdfast.drill;

import dev.holdfast.engine.Rehearsal.Blow;
import dev.holdfast.engine.Rehearsal.Term;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Workload.Stream;
import dev.holdfast.world.Action;
import dev.holdfast.world.Answer;
import java.util.List;
import java.util.Optional;

/**
 * Moves the primary's role in a planned way: breaks nothing.
 *
 * @param byHoldfast whether by the switchover that an operator types, or by the engine's own word for it
 */
public record HandOver(boolean byHoldfast) implements Course {

    @Override
    public List<String> sentences() {
        return List.of(
                byHoldfast
                        ? "switchover: the primary hands its role over, as holdfast switchover does it"
                        : "step-down: the primary is asked to hand its role over");
    }

    @Override
    public String whom() {
        return Aim.PRIMARY.sentence();
    }

    @Override
    public String byWhom() {
        return byHoldfast ? "Holdfast moves the role" : "the group elects by itself";
    }

    @Override
    public List<Refusal> refusals(Stage stage, Sight seen) {
        if (byHoldfast) {
            Promotion.switchover(site(stage));
        }
        return seen.primary(site(stage)).isPresent()
                ? List.of()
                : List.of(new Refusal(stage.scene().name(), "gate target: nobody is primary", "holdfast status"));
    }

    private static Site site(Stage stage) {
        return stage.scene().sites().get(0);
    }

    @Override
    public Felt felt(Scene scene, Sight seen, Stream stream) {
        Site site = scene.sites().get(0);
        boolean isIts =
                stream.cluster().equals(site.cluster().name()) && stream.group().equals(site.group());
        return isIts ? Felt.STRUCK : Felt.NOTHING;
    }

    @Override
    public List<Term> predicted(Scene scene) {
        Site site = scene.sites().get(0);
        return site.rehearsal().forecast(site.group(), Blow.HANDED_OVER);
    }

    @Override
    public void run(Stage stage) {
        if (!stage.next("hand over")) {
            return;
        }
        Sight seen = stage.look();
        Optional<Node> before = seen.primary(site(stage));
        stage.mark("break", before.map(Node::id).orElse("nobody"));
        if (byHoldfast) {
            new Promotion(stage).carryOut(Promotion.switchover(site(stage)), () -> {});
        } else {
            stepDown(stage, seen, before);
        }
        boolean moved = !stage.look().primary(site(stage)).equals(before);
        stage.mark(moved ? "in effect" : "no effect", "the role was handed over");
        stage.awaitService();
        new Promotion(stage).tellAccounts();
    }

    private static void stepDown(Stage stage, Sight seen, Optional<Node> before) {
        Site site = site(stage);
        Optional<Action> order = site.rehearsal().stepDown(seen.of(site), site.group());
        if (order.isEmpty()) {
            stage.note("the engine has no word to hand over a role");
            return;
        }
        Answer answer = stage.world().ask(order.get());
        stage.note("the step-down said: " + answer.sentence());
        stage.await(Stage.longest(), () -> {
            Optional<Node> now = stage.scene().look(stage.world()).primary(site);
            return now.isPresent() && !now.equals(before);
        });
    }
}
