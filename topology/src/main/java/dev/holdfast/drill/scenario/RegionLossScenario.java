package dev.holdfast.drill.scenario;

import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.DrillGroup;
import dev.holdfast.drill.DrillRoleChanges;
import dev.holdfast.drill.DrillScope;
import dev.holdfast.drill.EstateState;
import dev.holdfast.drill.FaultInjection;
import dev.holdfast.drill.Scenario;
import dev.holdfast.drill.TargetSelector;
import dev.holdfast.drill.fault.AffectedNode;
import dev.holdfast.drill.fault.KillProcess;
import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.engine.DrillProfile.RecoveryTerm;
import dev.holdfast.engine.Operation;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Workload.Stream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Loses all members of a group in the region of its primary, continues in another region, and returns.
 *
 * <ol>
 *   <li>All members of the group in the primary's region are killed at once.
 *   <li>The failover is decided first without accepting a loss, as by an operator; the predicted loss is recorded.
 *   <li>The standby elsewhere is promoted, with the loss accepted; clients are served again.
 *   <li>The region comes back: its members rejoin, and a switchover returns the role.
 * </ol>
 *
 * Invariant: the role returns only by a switchover, which is without loss or refused.
 */
public record RegionLossScenario() implements Scenario {

    private static final FaultInjection INJECTION = FaultInjection.of(new KillProcess(), TargetSelector.REGION);

    @Override
    public List<String> sentences() {
        return List.of(INJECTION.sentence());
    }

    @Override
    public String target() {
        return INJECTION.target().sentence();
    }

    @Override
    public String recoveredBy() {
        return "Holdfast promotes the standby in another region and returns the role at the end; writes within the predicted bound can be lost";
    }

    @Override
    public List<Refusal> refusals(DrillContext drillContext, EstateState state) {
        DrillGroup drillGroup = drillGroup(drillContext.scope());
        if (state.primary(drillGroup).isEmpty() || elsewhere(drillGroup, state).isEmpty()) {
            return List.of(new Refusal(
                    drillContext.scope().name(),
                    "gate target: there is no member outside the primary's region",
                    "declare dr: with a host of another region"));
        }
        return INJECTION.affectedNodes(drillContext.scope(), state).stream()
                .flatMap(v -> drillContext.breaks().impossible(INJECTION.fault(), v).stream())
                .toList();
    }

    private static DrillGroup drillGroup(DrillScope scope) {
        return scope.drillGroups().get(0);
    }

    private static Optional<Node> elsewhere(DrillGroup drillGroup, EstateState state) {
        String region = state.primary(drillGroup).map(p -> p.host().region()).orElse("");
        return drillGroup.members().stream()
                .filter(n -> !n.host().region().equals(region))
                .findFirst();
    }

    @Override
    public ClientImpact clientImpact(DrillScope scope, EstateState state, Stream stream) {
        DrillGroup drillGroup = drillGroup(scope);
        boolean isIts = stream.cluster().equals(drillGroup.cluster().name())
                && stream.group().equals(drillGroup.group());
        return isIts ? ClientImpact.AFFECTED : ClientImpact.NOTHING;
    }

    @Override
    public List<RecoveryTerm> predicted(DrillScope scope) {
        return drillGroup(scope).drillProfile().forecast(drillGroup(scope).group(), FaultEffect.KILLED);
    }

    @Override
    public void run(DrillContext drillContext) {
        DrillGroup drillGroup = drillGroup(drillContext.scope());
        EstateState before = drillContext.look();
        Node candidate = elsewhere(drillGroup, before).orElseThrow();
        if (!drillContext.next("inject the faults")) {
            return;
        }
        new FaultInjector(drillContext).make(List.of(INJECTION));
        if (!drillContext.next("recover")) {
            return;
        }
        DrillRoleChanges promotion = new DrillRoleChanges(drillContext);
        Operation<?> careful = failover(drillGroup, candidate, false);
        Operation.Assessment[] bound = {careful.decide(drillContext.context())};
        drillContext.await(DrillContext.longest(), () -> {
            bound[0] = careful.decide(drillContext.context());
            return bound[0].refusal().isEmpty() || losesData(bound[0]);
        });
        reportBound(drillContext, bound[0]);
        promotion.carryOut(
                failover(drillGroup, candidate, true),
                () -> drillContext.damage().forget(v -> v.nodes().stream().anyMatch(drillGroup::holds)));
        drillContext.awaitService();
        promotion.reportRoleChanges();
    }

    /** Adds the possible number of lost commits to the sentence; leaves an unknown number out. */
    private static void reportBound(DrillContext drillContext, Operation.Assessment decided) {
        String sentence = decided.refusal().map(Refusal::what).orElse("nothing is lost");
        OptionalLong most = decided.refusal().isEmpty() ? OptionalLong.of(0) : decided.mostLost();
        Map<String, Object> facts = most.isPresent() ? Map.of("most_lost", most.getAsLong()) : Map.of();
        drillContext.mark("bound", sentence, facts);
    }

    private static boolean losesData(Operation.Assessment decided) {
        return decided.refusal()
                .filter(r -> r.exit() == dev.holdfast.model.ExitCode.WOULD_LOSE_DATA)
                .isPresent();
    }

    private static Operation<?> failover(DrillGroup drillGroup, Node candidate, boolean acceptDataLoss) {
        RoleChangeRequest request = DrillRoleChanges.request(drillGroup, Optional.of(candidate.name()), acceptDataLoss);
        return drillGroup.engine().failover(drillGroup.topology(), drillGroup.cluster(), request);
    }

    /** Rejoins every member that was left behind, and returns the role to the first of them, the former primary. */
    @Override
    public void repair(DrillContext drillContext) {
        DrillGroup drillGroup = drillGroup(drillContext.scope());
        List<Node> back = drillContext.damage().affected().stream()
                .map(AffectedNode::nodes)
                .flatMap(List::stream)
                .filter(drillGroup::holds)
                .toList();
        new DrillRoleChanges(drillContext).rejoin(drillGroup, back);
        drillContext.carryOut(List.of(drillGroup.engine().provision(drillGroup.topology(), drillGroup.cluster())));
        if (back.isEmpty() || drillContext.isOver()) {
            return;
        }
        RoleChangeRequest request =
                DrillRoleChanges.request(drillGroup, Optional.of(back.get(0).name()), false);
        Operation<?> home = drillGroup.engine().switchover(drillGroup.topology(), drillGroup.cluster(), request);
        drillContext.await(
                DrillContext.longest(),
                () -> home.decide(drillContext.context()).refusal().isEmpty());
        Operation.Assessment decided = home.decide(drillContext.context());
        drillContext.note("failback: " + decided.sentence() + ", because " + decided.because());
        boolean done = decided.refusal().isEmpty()
                && drillContext.finish(List.of(home.runbook())).stream().allMatch(o -> o.isDone());
        drillContext.mark(done ? "primary returned" : "primary not returned", decided.sentence());
    }
}
