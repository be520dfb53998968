package dev.holdfast.mongodb;

import static dev.holdfast.mongodb.MongoProbes.reply;

import dev.holdfast.engine.Footing;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.SetShape.MemberShape;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.Glimpse;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Login;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps that give a set which has lost its majority a primary again, at the price of the members it lost.
 *
 * <ol>
 *   <li>Every lost member whose host answers is fenced: its process is gone, and a mark in its directory keeps Holdfast from
 *       starting it with the configuration that is given up.
 *   <li>The failover is written down with the members that survive, before it is made.
 *   <li>The configuration is forced down to the survivors, by the one that has most.
 *   <li>That one is elected, and a majority of the survivors has a write of its term.
 * </ol>
 *
 * Invariants: planned only when {@link FailoverRules} lets it; never planned again once there is a primary.
 */
record ForcedFailover(RoleSeen seen, FailoverCase deed, Login login) {

    private static final Duration SOON = Duration.ofSeconds(60);

    Plan fence() {
        List<Step> steps = new ArrayList<>();
        deed.lost().stream().filter(this::mustBeFenced).forEach(m -> steps.add(fence(m.node())));
        deed.survivors().stream().filter(m -> !isWrittenDown(m.node())).forEach(m -> steps.add(writeDown(m.node())));
        return Plan.of(steps);
    }

    /** A process that is still there is only ended when a person has said that the silent are to be given up. */
    private boolean mustBeFenced(Standing lost) {
        Footing footing = footing(lost.node());
        boolean may = footing.isDown() || footing.isUp() && deed.overrides(FailoverRules.SILENT);
        return may
                && footing.ground() == Footing.Ground.OURS
                && seen.traces(lost.node()).fenced().isEmpty();
    }

    private Footing footing(Node node) {
        return seen.set()
                .all()
                .filter(n -> n.node().equals(node))
                .map(NodeSeen::footing)
                .findFirst()
                .orElseThrow();
    }

    private PastFailover record() {
        return new PastFailover(
                deed.at(), deed.version(), deed.survivor().orElseThrow().name());
    }

    private Step fence(Node node) {
        Script script = marked("fence.sh", node)
                .with("text", record().line())
                .with("force", deed.overrides(FailoverRules.SILENT) ? "yes" : "no");
        Condition fenced = new Condition(node.id() + " is fenced", world -> {
            String why = traces(world, node).fenced();
            return new Glimpse(!why.isEmpty(), why.isEmpty() ? "it has no fence" : why);
        });
        return Step.on(node.id(), "Fence " + node.id())
                .because("it is given up, and must not come back with the configuration that knew it")
                .risk(Risk.DANGER)
                .type(new Action.Exec(node.host(), script, Intent.CHANGE, SOON))
                .until(fenced, SOON);
    }

    private boolean isWrittenDown(Node node) {
        return node.directory().isEmpty() || isWrittenDown(seen.traces(node));
    }

    private boolean isWrittenDown(Traces traces) {
        return traces.failovers().stream().anyMatch(f -> f.from() == deed.version());
    }

    private Step writeDown(Node node) {
        Script script = marked("record-failover.sh", node).with("text", record().line());
        return Step.on(node.id(), "Write the failover down with " + node.id())
                .because("another one within " + FailoverCase.WINDOW.toMinutes() + " minutes has to be asked for twice")
                .type(new Action.Exec(node.host(), script, Intent.CHANGE, SOON))
                .until(
                        new Condition("it is written down", world -> {
                            boolean there = isWrittenDown(traces(world, node));
                            return new Glimpse(there, there ? "it is" : "it is not");
                        }),
                        SOON);
    }

    private Script marked(String file, Node node) {
        return Script.of("mongodb/" + file)
                .with("directory", node.directory())
                .with("mark", Footing.mark(seen.mongo().estate(), node));
    }

    private static Traces traces(World world, Node node) {
        return Traces.look(world, List.of(node)).get(node);
    }

    Plan force() {
        Standing survivor = deed.survivor().orElseThrow();
        Doc config = seen.set().config();
        SetShape shape = SetShape.of(config);
        List<String> left =
                deed.survivors().stream().map(s -> s.node().endpoint()).toList();
        List<MemberShape> members =
                shape.members().stream().filter(m -> left.contains(m.host())).toList();
        SetShape smaller = shape.with(members);
        Step force = Step.on(
                        deed.set(),
                        "Force the configuration of " + deed.set() + " down to " + Standing.names(deed.survivors()))
                .because(Standing.names(deed.lost()) + " are given up")
                .risk(Risk.DANGER)
                .type(MongoOrders.forceReconfig(
                        survivor.node(), login, smaller.over(config, config.number("version") + 1)))
                .until(new Condition("all survivors know that they are alone", world -> known(world, smaller)), SOON);
        Step elect = Step.on(deed.set(), "Have " + survivor.name() + " elected primary")
                .because("it has everything up to " + survivor.applied() + ", and no survivor has more")
                .risk(Risk.PAUSE)
                .type(MongoOrders.stepUp(survivor.node(), login))
                .until(Handover.leads(survivor.node(), login, deed.term()), SOON);
        return Plan.of(List.of(force, elect));
    }

    private Glimpse known(World world, SetShape wanted) {
        List<String> strangers = new ArrayList<>();
        for (Standing survivor : deed.survivors()) {
            Doc config = reply(world, survivor.node(), login, "config.json").doc("config");
            if (!survivor.isArbiter() && !SetShape.of(config).equals(wanted)) {
                strangers.add(survivor.name());
            }
        }
        return new Glimpse(strangers.isEmpty(), strangers.isEmpty() ? "all know" : strangers + " do not");
    }
}
