package dev.holdfast.drill;

import dev.holdfast.drill.fault.Restart;
import dev.holdfast.drill.fault.Victim;
import dev.holdfast.engine.Rehearsal.Part;
import dev.holdfast.engine.Rehearsal.Term;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Workload.Stream;
import dev.holdfast.world.Answer;
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
public final class RollingRestart implements Course {

    public static Drill drill() {
        return new Drill(
                "rolling-restart",
                "Every server of every cluster is restarted, one after the other, the primaries last: clients feel moments, not an outage.",
                Target.ESTATE,
                new RollingRestart(),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "served-again",
                        "loss-within-objective",
                        "ends-whole"),
                List.of("the restart of hosts with their kernels", "servers of different versions side by side"));
    }

    private RollingRestart() {}

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
    public List<Refusal> refusals(Stage stage, Sight seen) {
        return victims(stage, seen).stream()
                .flatMap(v -> stage.breaks().impossible(new Restart(), v).stream())
                .toList();
    }

    @Override
    public boolean isBrokenInTurn() {
        return true;
    }

    @Override
    public Felt felt(Scene scene, Sight seen, Stream stream) {
        return Felt.TOUCHED;
    }

    @Override
    public List<Term> predicted(Scene scene) {
        return List.of();
    }

    private static List<Victim> victims(Stage stage, Sight seen) {
        List<Victim> all = new ArrayList<>();
        for (Site site : stage.scene().clusters()) {
            for (Part part : Part.values()) {
                for (String group : site.rehearsal().groups(part)) {
                    Optional<Node> primary = seen.primary(site.cluster().name(), group);
                    site.members(group).stream()
                            .sorted(Comparator.comparing(
                                    n -> primary.filter(n::equals).isPresent()))
                            .map(Victim::of)
                            .forEach(all::add);
                }
            }
        }
        return all;
    }

    @Override
    public void run(Stage stage) {
        stage.next("restart one after the other");
        for (Victim victim : victims(stage, stage.look())) {
            if (stage.isOver()) {
                return;
            }
            handOver(stage, victim.nodes().get(0));
            restart(stage, victim);
        }
        stage.awaitService();
    }

    private static void restart(Stage stage, Victim victim) {
        Strike strike = Strike.of(new Restart(), new Whom.Named(victim.name()));
        stage.mark("break", "restart of " + victim.name());
        stage.damage().set(strike, List.of(victim)).stream()
                .filter(a -> !a.isOk())
                .forEach(a -> stage.note("the restart said: " + a.sentence()));
        boolean seen = stage.damage().tookEffect(strike, List.of(victim));
        stage.mark(seen ? "in effect" : "no effect", "restart of " + victim.name());
        boolean whole = stage.await(
                Stage.longest(),
                () -> stage.scene().look(stage.world()).complaints().isEmpty());
        if (!whole) {
            stage.stop("after the restart of " + victim.name() + " the estate was not whole again");
        }
    }

    private static void handOver(Stage stage, Node node) {
        Sight seen = stage.look();
        for (Site site : stage.scene().clusters()) {
            if (!site.cluster().name().equals(node.cluster())
                    || seen.primary(node.cluster(), node.group())
                            .filter(node::equals)
                            .isEmpty()) {
                continue;
            }
            site.rehearsal().stepDown(seen.of(site), node.group()).ifPresent(order -> {
                Answer answer = stage.world().ask(order);
                stage.note("the step-down of " + node.id() + " said: " + answer.sentence());
                stage.await(
                        Stage.longest(),
                        () -> seen(stage, node).filter(p -> !p.equals(node)).isPresent());
            });
        }
    }

    private static Optional<Node> seen(Stage stage, Node node) {
        return stage.scene().look(stage.world()).primary(node.cluster(), node.group());
    }
}
