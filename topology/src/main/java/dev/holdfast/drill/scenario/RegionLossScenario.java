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
 * Loses all members of a group in the region of its primary, goes on with the copy in another region, and comes home.
 *
 * <ol>
 *   <li>Everything of the group in the primary's region ends at once.
 *   <li>The failover's table is asked as an operator asks it first, without accepting a loss; its bound goes on record.
 *   <li>The copy elsewhere is promoted, with the loss accepted; clients are served again.
 *   <li>The region comes back: its members rejoin, the role is handed back to where it was, without a loss.
 * </ol>
 *
 * Invariant: the role goes back only by a switchover, which is lossless or refused.
 */
public record RegionLossScenario() implements Scenario {

    private static final FaultInjection STRIKE = FaultInjection.of(new KillProcess(), TargetSelector.REGION);

    @Override
    public List<String> sentences() {
        return List.of(STRIKE.sentence());
    }

    @Override
    public String whom() {
        return STRIKE.whom().sentence();
    }

    @Override
    public String byWhom() {
        return "Holdfast promotes the copy in another region, and hands the role back at the end; acknowledged writes may"
                + " be lost, within the bound that is told before";
    }

    @Override
    public List<Refusal> refusals(DrillContext stage, EstateState seen) {
        DrillGroup site = site(stage.scene());
        if (seen.primary(site).isEmpty() || elsewhere(site, seen).isEmpty()) {
            return List.of(new Refusal(
                    stage.scene().name(),
                    "gate target: there is no member outside the region of a primary",
                    "declare dr: with a host of another region"));
        }
        return STRIKE.victims(stage.scene(), seen).stream()
                .flatMap(v -> stage.breaks().impossible(STRIKE.fault(), v).stream())
                .toList();
    }

    private static DrillGroup site(DrillScope scene) {
        return scene.sites().get(0);
    }

    private static Optional<Node> elsewhere(DrillGroup site, EstateState seen) {
        String region = seen.primary(site).map(p -> p.host().region()).orElse("");
        return site.members().stream()
                .filter(n -> !n.host().region().equals(region))
                .findFirst();
    }

    @Override
    public ClientImpact felt(DrillScope scene, EstateState seen, Stream stream) {
        DrillGroup site = site(scene);
        boolean isIts =
                stream.cluster().equals(site.cluster().name()) && stream.group().equals(site.group());
        return isIts ? ClientImpact.STRUCK : ClientImpact.NOTHING;
    }

    @Override
    public List<RecoveryTerm> predicted(DrillScope scene) {
        return site(scene).rehearsal().forecast(site(scene).group(), FaultEffect.KILLED);
    }

    @Override
    public void run(DrillContext stage) {
        DrillGroup site = site(stage.scene());
        EstateState before = stage.look();
        Node heir = elsewhere(site, before).orElseThrow();
        if (!stage.next("break")) {
            return;
        }
        new FaultInjector(stage).make(List.of(STRIKE));
        if (!stage.next("recover")) {
            return;
        }
        DrillRoleChanges promotion = new DrillRoleChanges(stage);
        Operation<?> careful = failover(site, heir, false);
        Operation.Assessment[] bound = {careful.decide(stage.world())};
        stage.await(DrillContext.longest(), () -> {
            bound[0] = careful.decide(stage.world());
            return bound[0].refusal().isEmpty() || losesData(bound[0]);
        });
        tellBound(stage, bound[0]);
        promotion.carryOut(
                failover(site, heir, true),
                () -> stage.damage().forget(v -> v.nodes().stream().anyMatch(site::holds)));
        stage.awaitService();
        promotion.tellAccounts();
    }

    /** How many commits may be lost stands beside the sentence; where nobody knows how many, it is left out. */
    private static void tellBound(DrillContext stage, Operation.Assessment decided) {
        String sentence = decided.refusal().map(Refusal::what).orElse("nothing is lost");
        OptionalLong most = decided.refusal().isEmpty() ? OptionalLong.of(0) : decided.mostLost();
        Map<String, Object> facts = most.isPresent() ? Map.of("most_lost", most.getAsLong()) : Map.of();
        stage.mark("bound", sentence, facts);
    }

    private static boolean losesData(Operation.Assessment decided) {
        return decided.refusal()
                .filter(r -> r.exit() == dev.holdfast.model.ExitCode.WOULD_LOSE_DATA)
                .isPresent();
    }

    private static Operation<?> failover(DrillGroup site, Node heir, boolean acceptDataLoss) {
        RoleChangeRequest order = DrillRoleChanges.order(site, Optional.of(heir.name()), acceptDataLoss);
        return site.engine().failover(site.topology(), site.cluster(), order);
    }

    /** Everybody who was left behind rejoins, and the role goes back to the first of them: the primary that was. */
    @Override
    public void heal(DrillContext stage) {
        DrillGroup site = site(stage.scene());
        List<Node> back = stage.damage().struck().stream()
                .map(AffectedNode::nodes)
                .flatMap(List::stream)
                .filter(site::holds)
                .toList();
        new DrillRoleChanges(stage).bringBack(site, back);
        stage.carryOut(List.of(site.engine().provision(site.topology(), site.cluster())));
        if (back.isEmpty() || stage.isOver()) {
            return;
        }
        RoleChangeRequest order =
                DrillRoleChanges.order(site, Optional.of(back.get(0).name()), false);
        Operation<?> home = site.engine().switchover(site.topology(), site.cluster(), order);
        stage.await(
                DrillContext.longest(),
                () -> home.decide(stage.world()).refusal().isEmpty());
        Operation.Assessment decided = home.decide(stage.world());
        stage.note("failback: " + decided.sentence() + ", because " + decided.because());
        boolean done = decided.refusal().isEmpty()
                && stage.finish(List.of(home.book())).stream().allMatch(o -> o.isDone());
        stage.mark(done ? "home" : "not home", decided.sentence());
    }
}
