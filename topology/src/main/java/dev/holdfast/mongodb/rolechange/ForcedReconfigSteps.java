package dev.holdfast.mongodb.rolechange;

import static dev.holdfast.mongodb.action.ServerQueries.reply;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.AdminCommands;
import dev.holdfast.mongodb.state.FailoverRecord;
import dev.holdfast.mongodb.state.MemberDirectoryState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetConfig;
import dev.holdfast.mongodb.state.ReplicaSetConfig.MemberShape;
import dev.holdfast.mongodb.state.RoleChangeState;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
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
 * Invariants: planned only when {@link FailoverDecision} lets it; never planned again once there is a primary.
 */
record ForcedReconfigSteps(RoleChangeState seen, FailoverFacts deed, Credentials login) {

    private static final Duration SOON = Duration.ofSeconds(60);

    Plan fence() {
        List<Step> steps = new ArrayList<>();
        deed.lost().stream().filter(this::mustBeFenced).forEach(m -> steps.add(fence(m.node())));
        deed.survivors().stream().filter(m -> !isWrittenDown(m.node())).forEach(m -> steps.add(writeDown(m.node())));
        return Plan.of(steps);
    }

    /** A process that is still there is only ended when a person has said that it is to be given up. */
    private boolean mustBeFenced(MemberStanding lost) {
        HostFacts footing = footing(lost.node());
        boolean may = footing.isDown() || endsProcesses();
        return may
                && footing.ground() == HostFacts.DirectoryOwner.OURS
                && seen.traces(lost.node()).fenced().isEmpty();
    }

    private boolean endsProcesses() {
        return deed.overrides(FailoverDecision.SILENT) || deed.isOutside();
    }

    private HostFacts footing(Node node) {
        return seen.set()
                .all()
                .filter(n -> n.node().equals(node))
                .map(NodeState::footing)
                .findFirst()
                .orElseThrow();
    }

    private FailoverRecord record() {
        return new FailoverRecord(
                deed.at(), deed.version(), deed.survivor().orElseThrow().name());
    }

    private Step fence(Node node) {
        Script script = marked("fence.sh", node)
                .with("text", record().line())
                .with("address", node.host().address())
                .with("port", node.port())
                .with("force", endsProcesses() ? "yes" : "no");
        Condition fenced = new Condition(node.id() + " is fenced", world -> {
            String why = traces(world, node).fenced();
            return new ProbeResult(!why.isEmpty(), why.isEmpty() ? "it has no fence" : why);
        });
        return Step.on(node.id(), "Fence " + node.id())
                .because("it is given up, and must not come back with the configuration that knew it")
                .risk(Risk.DANGER)
                .type(new Action.RunScript(node.host(), script, Access.CHANGE, SOON))
                .until(fenced, SOON);
    }

    private boolean isWrittenDown(Node node) {
        return node.directory().isEmpty() || isWrittenDown(seen.traces(node));
    }

    private boolean isWrittenDown(MemberDirectoryState traces) {
        return traces.failovers().stream().anyMatch(f -> f.from() == deed.version());
    }

    private Step writeDown(Node node) {
        Script script = marked("record-failover.sh", node).with("text", record().line());
        return Step.on(node.id(), "Write the failover down with " + node.id())
                .because(
                        "another one within " + FailoverFacts.WINDOW.toMinutes() + " minutes has to be asked for twice")
                .type(new Action.RunScript(node.host(), script, Access.CHANGE, SOON))
                .until(
                        new Condition("it is written down", world -> {
                            boolean there = isWrittenDown(traces(world, node));
                            return new ProbeResult(there, there ? "it is" : "it is not");
                        }),
                        SOON);
    }

    private Script marked(String file, Node node) {
        return Script.of("mongodb/" + file)
                .with("directory", node.directory())
                .with("mark", HostFacts.mark(seen.mongo().estate(), node));
    }

    private static MemberDirectoryState traces(ExecutionContext world, Node node) {
        return MemberDirectoryState.look(world, List.of(node)).get(node);
    }

    Plan force() {
        MemberStanding survivor = deed.survivor().orElseThrow();
        MongoDocument config = seen.set().config();
        ReplicaSetConfig shape = ReplicaSetConfig.of(config);
        List<String> left =
                deed.survivors().stream().map(s -> s.node().endpoint()).toList();
        ReplicaSetConfig of = deed.isOutside() ? ReplicaSetConfig.of(seen.set().wanted()) : shape;
        List<MemberShape> members = of.members().stream()
                .filter(m -> left.contains(m.host()))
                .map(m -> isCopying(m) ? m.mute() : m)
                .toList();
        ReplicaSetConfig smaller = shape.with(members);
        Step force = Step.on(
                        deed.set(),
                        "Force the configuration of " + deed.set() + " down to "
                                + MemberStanding.names(deed.survivors()))
                .because(MemberStanding.names(deed.lost()) + " are given up")
                .risk(Risk.DANGER)
                .type(AdminCommands.forceReconfig(
                        survivor.node(), login, smaller.over(config, config.number("version") + 1)))
                .until(new Condition("all survivors know that they are alone", world -> known(world, smaller)), SOON);
        Step elect = Step.on(deed.set(), "Have " + survivor.name() + " elected primary")
                .because("it has everything up to " + survivor.applied() + ", and no survivor has more")
                .risk(Risk.PAUSE)
                .type(AdminCommands.stepUp(survivor.node(), login))
                .until(SwitchoverSteps.leads(survivor.node(), login, deed.term()), SOON);
        return Plan.of(List.of(force, elect));
    }

    /** It has no data of its own yet: it stays without a vote. */
    private boolean isCopying(MemberShape member) {
        return deed.empty().stream().anyMatch(s -> s.node().endpoint().equals(member.host()));
    }

    private ProbeResult known(ExecutionContext world, ReplicaSetConfig wanted) {
        List<String> strangers = new ArrayList<>();
        for (MemberStanding survivor : deed.survivors()) {
            MongoDocument config =
                    reply(world, survivor.node(), login, "config.json").doc("config");
            if (!survivor.isArbiter() && !ReplicaSetConfig.of(config).equals(wanted)) {
                strangers.add(survivor.name());
            }
        }
        return new ProbeResult(strangers.isEmpty(), strangers.isEmpty() ? "all know" : strangers + " do not");
    }
}
