package dev.holdfast.drill;

import dev.holdfast.engine.DrillProfile.RoleChangeEvent;
import dev.holdfast.engine.Operation;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.Node;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Role changes in a drill, by the same operations that an operator uses. */
public final class DrillRoleChanges {

    private final DrillContext drillContext;

    public DrillRoleChanges(DrillContext drillContext) {
        this.drillContext = drillContext;
    }

    /** The override of the precondition against a second failover soon after the first. A drill starts with a healthy estate. */
    public static RoleChangeRequest request(DrillGroup drillGroup, Optional<String> to, boolean acceptDataLoss) {
        return new RoleChangeRequest(
                drillGroup.group(), to, acceptDataLoss, Set.of(DecisionCode.FAILOVER_AGAIN.word()));
    }

    public static Operation<?> failover(DrillGroup drillGroup, boolean acceptDataLoss) {
        return drillGroup
                .engine()
                .failover(
                        drillGroup.topology(),
                        drillGroup.cluster(),
                        request(drillGroup, Optional.empty(), acceptDataLoss));
    }

    public static Operation<?> switchover(DrillGroup drillGroup) {
        return drillGroup
                .engine()
                .switchover(drillGroup.topology(), drillGroup.cluster(), request(drillGroup, Optional.empty(), false));
    }

    /** Evaluates the decision table until it allows the failover, then executes it; false when it never did. */
    public boolean carryOut(Operation<?> operation, Runnable once) {
        Operation.DecidedRunbook[] ruled = {operation.rule(drillContext.context())};
        drillContext.await(DrillContext.longest(), () -> {
            if (ruled[0].decided().refusal().isPresent()) {
                ruled[0] = operation.rule(drillContext.context());
            }
            return ruled[0].decided().refusal().isEmpty();
        });
        Operation.Assessment decided = ruled[0].decided();
        decided.refusal().ifPresent(r -> drillContext.note("refused: " + r.where() + ": " + r.what() + r.suffix()));
        drillContext.note("decided: " + decided.sentence() + ", because " + decided.because()
                + decided.code().map(c -> " [" + c + "]").orElse(""));
        drillContext.mark("phase", "detect and decide");
        if (decided.refusal().isPresent()) {
            return false;
        }
        once.run();
        boolean done = drillContext.finish(List.of(ruled[0].runbook())).stream().allMatch(o -> o.isDone());
        drillContext.mark("changed", decided.sentence());
        return done;
    }

    /** Rejoins every node of a group that was left behind, one after the other. */
    public void rejoin(DrillGroup drillGroup, List<Node> leftBehind) {
        for (Node node : leftBehind) {
            RoleChangeRequest request = request(drillGroup, Optional.of(node.name()), false);
            drillContext.carryOut(List.of(drillGroup
                    .engine()
                    .rejoin(drillGroup.topology(), drillGroup.cluster(), request)
                    .runbook()));
        }
    }

    /** Records the role change that the groups themselves report as phases. */
    public void reportRoleChanges() {
        EstateState state = drillContext.scope().look(drillContext.context());
        boolean several = drillContext.scope().drillGroups().size() > 1;
        for (DrillGroup drillGroup : drillContext.scope().drillGroups()) {
            for (RoleChangeEvent description : drillGroup
                    .drillProfile()
                    .account(drillContext.context(), state.of(drillGroup), drillGroup.group())) {
                long at = drillContext.onLoadClock(description.at());
                if (at >= drillContext.injectedAt()) {
                    drillContext.markAt("phase", at, description.what() + (several ? " " + drillGroup.name() : ""));
                }
            }
        }
    }
}
