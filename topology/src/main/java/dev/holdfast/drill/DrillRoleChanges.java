package dev.holdfast.drill;

import dev.holdfast.engine.DrillProfile.RoleChangeEvent;
import dev.holdfast.engine.Operation;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.Node;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How the role of a primary gets to another node in a drill: by the maneuvers that an operator has. */
public final class DrillRoleChanges {

    private final DrillContext stage;

    public DrillRoleChanges(DrillContext stage) {
        this.stage = stage;
    }

    /** What forbids a second failover soon after a first keeps a sick estate from going back and forth: a drill's was whole. */
    public static RoleChangeRequest order(DrillGroup site, Optional<String> to, boolean acceptDataLoss) {
        return new RoleChangeRequest(site.group(), to, acceptDataLoss, Set.of(RoleChangeRequest.AGAIN));
    }

    public static Operation<?> failover(DrillGroup site, boolean acceptDataLoss) {
        return site.engine().failover(site.topology(), site.cluster(), order(site, Optional.empty(), acceptDataLoss));
    }

    public static Operation<?> switchover(DrillGroup site) {
        return site.engine().switchover(site.topology(), site.cluster(), order(site, Optional.empty(), false));
    }

    /** Asks the same table that an operator asks until it allows it, then carries it out; false when it never did. */
    public boolean carryOut(Operation<?> maneuver, Runnable once) {
        Operation.DecidedRunbook[] ruled = {maneuver.rule(stage.world())};
        stage.await(DrillContext.longest(), () -> {
            if (ruled[0].decided().refusal().isPresent()) {
                ruled[0] = maneuver.rule(stage.world());
            }
            return ruled[0].decided().refusal().isEmpty();
        });
        Operation.Assessment decided = ruled[0].decided();
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
    public void bringBack(DrillGroup site, List<Node> leftBehind) {
        for (Node node : leftBehind) {
            RoleChangeRequest order = order(site, Optional.of(node.name()), false);
            stage.carryOut(List.of(
                    site.engine().rejoin(site.topology(), site.cluster(), order).book()));
        }
    }

    /** What the groups themselves tell of their change of roles becomes phases. */
    public void tellAccounts() {
        EstateState seen = stage.scene().look(stage.world());
        boolean several = stage.scene().sites().size() > 1;
        for (DrillGroup site : stage.scene().sites()) {
            for (RoleChangeEvent told : site.rehearsal().account(stage.world(), seen.of(site), site.group())) {
                long at = stage.onWitnessClock(told.at());
                if (at >= stage.struckAt()) {
                    stage.markAt("phase", at, told.what() + (several ? " " + site.name() : ""));
                }
            }
        }
    }
}
