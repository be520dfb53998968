package dev.holdfast.drill;

import dev.holdfast.engine.Maneuver;
import dev.holdfast.engine.Order;
import dev.holdfast.engine.Rehearsal.Told;
import dev.holdfast.model.Node;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How the role of a primary gets to another node in a drill: by the maneuvers that an operator has. */
final class Promotion {

    private final Stage stage;

    Promotion(Stage stage) {
        this.stage = stage;
    }

    /** What forbids a second failover soon after a first keeps a sick estate from going back and forth: a drill's was whole. */
    static Order order(Site site, Optional<String> to, boolean acceptDataLoss) {
        return new Order(site.group(), to, acceptDataLoss, Set.of(Order.AGAIN));
    }

    static Maneuver<?> failover(Site site, boolean acceptDataLoss) {
        return site.engine().failover(site.topology(), site.cluster(), order(site, Optional.empty(), acceptDataLoss));
    }

    static Maneuver<?> switchover(Site site) {
        return site.engine().switchover(site.topology(), site.cluster(), order(site, Optional.empty(), false));
    }

    /** Asks the same table that an operator asks until it allows it, then carries it out; false when it never did. */
    boolean carryOut(Maneuver<?> maneuver, Runnable once) {
        Maneuver.Ruled[] ruled = {maneuver.rule(stage.world())};
        stage.await(Stage.longest(), () -> {
            if (ruled[0].decided().refusal().isPresent()) {
                ruled[0] = maneuver.rule(stage.world());
            }
            return ruled[0].decided().refusal().isEmpty();
        });
        Maneuver.Decided decided = ruled[0].decided();
        decided.refusal().ifPresent(r -> stage.note("refused: " + r.where() + ": " + r.what()));
        stage.note("decided: " + decided.sentence() + ", because " + decided.because());
        stage.mark("phase", "detect and decide");
        if (decided.refusal().isPresent()) {
            return false;
        }
        once.run();
        boolean done = stage.finish(List.of(ruled[0].book())).stream().allMatch(o -> o.isDone());
        stage.mark("changed", decided.sentence());
        return done;
    }

    /** Whoever of a site was left behind comes back as a copy, one after the other. */
    void bringBack(Site site, List<Node> leftBehind) {
        for (Node node : leftBehind) {
            Order order = order(site, Optional.of(node.name()), false);
            stage.carryOut(List.of(
                    site.engine().rejoin(site.topology(), site.cluster(), order).book()));
        }
    }

    /** What the groups themselves tell of their change of roles becomes phases. */
    void tellAccounts() {
        Sight seen = stage.scene().look(stage.world());
        boolean several = stage.scene().sites().size() > 1;
        for (Site site : stage.scene().sites()) {
            for (Told told : site.rehearsal().account(stage.world(), seen.of(site), site.group())) {
                long at = stage.onWitnessClock(told.at());
                if (at >= stage.struckAt()) {
                    stage.markAt("phase", at, told.what() + (several ? " " + site.name() : ""));
                }
            }
        }
    }
}
