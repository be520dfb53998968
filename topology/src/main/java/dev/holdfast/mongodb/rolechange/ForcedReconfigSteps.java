package dev.holdfast.mongodb.rolechange;

import static dev.holdfast.mongodb.action.ServerQueries.reply;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
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
import dev.holdfast.plan.Plan.Refusal;
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
record ForcedReconfigSteps(RoleChangeState state, FailoverFacts facts, Credentials login) {

    private static final Duration SOON = Duration.ofSeconds(60);

    Plan fence() {
        List<Refusal> unknown = facts.survivors().stream()
                .filter(m -> !state.traces(m.node()).trouble().isEmpty())
                .map(m -> new Refusal(
                        m.node().id(),
                        "its host does not say whether a failover is on record there: "
                                + state.traces(m.node()).trouble(),
                        "make its host answer, then holdfast failover " + facts.set(),
                        ExitCode.UNREACHABLE))
                .toList();
        if (!unknown.isEmpty()) {
            return Plan.refused(unknown);
        }
        List<Step> steps = new ArrayList<>();
        facts.lost().stream().filter(this::mustBeFenced).forEach(m -> steps.add(fence(m.node())));
        facts.survivors().stream().filter(m -> !isWrittenDown(m.node())).forEach(m -> steps.add(writeDown(m.node())));
        return Plan.of(steps);
    }

    /** A process that is still there is only ended when a person has said that it is to be given up. */
    private boolean mustBeFenced(MemberStanding lost) {
        HostFacts hostFacts = hostFacts(lost.node());
        boolean may = hostFacts.isDown() || endsProcesses();
        return may
                && hostFacts.ground() == HostFacts.DirectoryOwner.OURS
                && state.traces(lost.node()).fenced().isEmpty();
    }

    private boolean endsProcesses() {
        return facts.overrides(DecisionCode.OTHERS_SILENT) || facts.isOutside();
    }

    private HostFacts hostFacts(Node node) {
        return state.set()
                .all()
                .filter(n -> n.node().equals(node))
                .map(NodeState::hostFacts)
                .findFirst()
                .orElseThrow();
    }

    private FailoverRecord record() {
        return new FailoverRecord(
                facts.at(), facts.version(), facts.survivor().orElseThrow().name());
    }

    private Step fence(Node node) {
        Script script = marked("fence.sh", node)
                .with("text", record().line())
                .with("address", node.host().address())
                .with("port", node.port())
                .with("force", endsProcesses() ? "yes" : "no");
        Condition fenced = new Condition(node.id() + " is fenced", context -> {
            String why = traces(context, node).fenced();
            return new ProbeResult(!why.isEmpty(), why.isEmpty() ? "it has no fence" : why);
        });
        return Step.on(node.id(), "Fence " + node.id())
                .because("it is given up, and must not come back with the configuration that knew it")
                .risk(Risk.DANGER)
                .type(new Action.RunScript(node.host(), script, Access.CHANGE, SOON))
                .until(fenced, SOON);
    }

    private boolean isWrittenDown(Node node) {
        return node.directory().isEmpty() || isWrittenDown(state.traces(node));
    }

    private boolean isWrittenDown(MemberDirectoryState traces) {
        return traces.failovers().stream().anyMatch(f -> f.from() == facts.version());
    }

    private Step writeDown(Node node) {
        Script script = marked("record-failover.sh", node).with("text", record().line());
        return Step.on(node.id(), "Write the failover down with " + node.id())
                .because(
                        "another one within " + FailoverFacts.WINDOW.toMinutes() + " minutes has to be asked for twice")
                .type(new Action.RunScript(node.host(), script, Access.CHANGE, SOON))
                .until(
                        new Condition("it is written down", context -> {
                            boolean there = isWrittenDown(traces(context, node));
                            return new ProbeResult(there, there ? "it is" : "it is not");
                        }),
                        SOON);
    }

    private Script marked(String file, Node node) {
        return Script.of("mongodb/" + file)
                .with("directory", node.directory())
                .with("mark", HostFacts.mark(state.mongo().estate(), node));
    }

    private static MemberDirectoryState traces(ExecutionContext context, Node node) {
        return MemberDirectoryState.look(context, List.of(node)).get(node);
    }

    Plan force() {
        MemberStanding survivor = facts.survivor().orElseThrow();
        MongoDocument config = state.set().config();
        ReplicaSetConfig shape = ReplicaSetConfig.of(config);
        List<String> left =
                facts.survivors().stream().map(s -> s.node().endpoint()).toList();
        ReplicaSetConfig of =
                facts.isOutside() ? ReplicaSetConfig.of(state.set().desired()) : shape;
        List<MemberShape> members = of.members().stream()
                .filter(m -> left.contains(m.host()))
                .map(m -> isCopying(m) ? m.mute() : m)
                .toList();
        ReplicaSetConfig smaller = shape.with(members);
        Step force = Step.on(
                        facts.set(),
                        "Force the configuration of " + facts.set() + " down to "
                                + MemberStanding.names(facts.survivors()))
                .because(MemberStanding.names(facts.lost()) + " are given up")
                .risk(Risk.DANGER)
                .type(AdminCommands.forceReconfig(
                        survivor.node(), login, smaller.over(config, config.number("version") + 1)))
                .until(
                        new Condition("all survivors know that they are alone", context -> known(context, smaller)),
                        SOON);
        Step elect = Step.on(facts.set(), "Have " + survivor.name() + " elected primary")
                .because("it has everything up to " + survivor.applied() + ", and no survivor has more")
                .risk(Risk.PAUSE)
                .type(AdminCommands.stepUp(survivor.node(), login))
                .until(SwitchoverSteps.leads(survivor.node(), login, facts.term()), SOON);
        return Plan.of(List.of(force, elect));
    }

    /** It has no data of its own yet: it stays without a vote. */
    private boolean isCopying(MemberShape member) {
        return facts.empty().stream().anyMatch(s -> s.node().endpoint().equals(member.host()));
    }

    private ProbeResult known(ExecutionContext context, ReplicaSetConfig desired) {
        List<String> undeclared = new ArrayList<>();
        for (MemberStanding survivor : facts.survivors()) {
            MongoDocument config =
                    reply(context, survivor.node(), login, "config.json").doc("config");
            if (!survivor.isArbiter() && !ReplicaSetConfig.of(config).equals(desired)) {
                undeclared.add(survivor.name());
            }
        }
        return new ProbeResult(undeclared.isEmpty(), undeclared.isEmpty() ? "all know" : undeclared + " do not");
    }
}
