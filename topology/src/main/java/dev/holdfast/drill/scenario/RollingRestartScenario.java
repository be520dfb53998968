package dev.holdfast.drill.scenario;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.DrillGroup;
import dev.holdfast.drill.DrillScope;
import dev.holdfast.drill.DrillSelector;
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
 *   <li>Within a group whoever is primary goes last, and hands its role over before where its engine has a word for it.
 *   <li>The next one goes only when the estate is whole again.
 * </ol>
 */
public final class RollingRestartScenario implements Scenario {

    public static Drill drill() {
        return new Drill(
                "rolling-restart",
                "Every server of every cluster is restarted, one after the other, the primaries last: clients feel moments, not an outage.",
                DrillSelector.ESTATE,
                new RollingRestartScenario(),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "served-again",
                        "loss-within-objective",
                        "ends-whole"),
                List.of("the restart of hosts with their kernels", "servers of different versions side by side"));
    }

    private RollingRestartScenario() {}

    @Override
    public List<String> sentences() {
        return List.of("restart: every server, one after the other; the next one only when the estate is whole again");
    }

    @Override
    public String whom() {
        return "every server of every cluster";
    }

    @Override
    public String byWhom() {
        return "each server comes back by itself";
    }

    @Override
    public List<Refusal> refusals(DrillContext stage, EstateState seen) {
        return victims(stage, seen).stream()
                .flatMap(v -> stage.breaks().impossible(new RestartProcess(), v).stream())
                .toList();
    }

    @Override
    public boolean isBrokenInTurn() {
        return true;
    }

    @Override
    public ClientImpact felt(DrillScope scene, EstateState seen, Stream stream) {
        return ClientImpact.TOUCHED;
    }

    @Override
    public List<RecoveryTerm> predicted(DrillScope scene) {
        return List.of();
    }

    private static List<AffectedNode> victims(DrillContext stage, EstateState seen) {
        List<AffectedNode> all = new ArrayList<>();
        for (DrillGroup site : stage.scene().clusters()) {
            for (GroupRole part : GroupRole.values()) {
                for (String group : site.rehearsal().groups(part)) {
                    Optional<Node> primary = seen.primary(site.cluster().name(), group);
                    site.members(group).stream()
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
    public void run(DrillContext stage) {
        stage.next("restart one after the other");
        for (AffectedNode victim : victims(stage, stage.look())) {
            if (stage.isOver()) {
                return;
            }
            handOver(stage, victim.nodes().get(0));
            restart(stage, victim);
        }
        stage.awaitService();
    }

    private static void restart(DrillContext stage, AffectedNode victim) {
        FaultInjection strike = FaultInjection.of(new RestartProcess(), new FaultTarget.Named(victim.name()));
        stage.mark("break", "restart of " + victim.name());
        stage.damage().set(strike, List.of(victim)).stream()
                .filter(a -> !a.isOk())
                .forEach(a -> stage.note("the restart said: " + a.sentence()));
        boolean seen = stage.damage().tookEffect(strike, List.of(victim));
        stage.mark(seen ? "in effect" : "no effect", "restart of " + victim.name());
        boolean whole = stage.await(
                DrillContext.longest(),
                () -> stage.scene().look(stage.world()).complaints().isEmpty());
        if (!whole) {
            stage.stop("after the restart of " + victim.name() + " the estate was not whole again");
        }
    }

    private static void handOver(DrillContext stage, Node node) {
        EstateState seen = stage.look();
        for (DrillGroup site : stage.scene().clusters()) {
            if (!site.cluster().name().equals(node.cluster())
                    || seen.primary(node.cluster(), node.group())
                            .filter(node::equals)
                            .isEmpty()) {
                continue;
            }
            site.rehearsal().stepDown(seen.of(site), node.group()).ifPresent(order -> {
                ActionResult answer = stage.world().ask(order);
                stage.note("the step-down of " + node.id() + " said: " + answer.sentence());
                stage.await(
                        DrillContext.longest(),
                        () -> seen(stage, node).filter(p -> !p.equals(node)).isPresent());
            });
        }
    }

    private static Optional<Node> seen(DrillContext stage, Node node) {
        return stage.scene().look(stage.world()).primary(node.cluster(), node.group());
    }
}
