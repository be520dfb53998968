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
 * The steps that give a set without majority a new primary and leave the lost members behind.
 *
 * <ol>
 *   <li>Every lost member whose host answers is fenced: its process has ended, and a mark in its directory blocks its start
 *       with the old configuration.
 *   <li>The failover is recorded in the directories of the survivors.
 *   <li>The most advanced survivor forces a configuration with only the survivors.
 *   <li>That survivor is elected, and a majority of the survivors has a write of its term.
 * </ol>
 *
 * Invariants: planned only if {@link FailoverDecision} allows it, and not if the set has a primary.
 */
record ForcedReconfigSteps(RoleChangeState state, FailoverFacts facts, Credentials login) {

    private static final Duration SOON = Duration.ofSeconds(60);

    Plan fence() {
        List<Refusal> unknown = facts.survivors().stream()
                .filter(m -> !state.traces(m.node()).trouble().isEmpty())
                .map(m -> new Refusal(
                        m.node().id(),
                        "the member's host does not report whether a failover is recorded there: "
                                + state.traces(m.node()).trouble(),
                        "make the host answer, then holdfast failover " + facts.set(),
                        ExitCode.UNREACHABLE))
                .toList();
        if (!unknown.isEmpty()) {
            return Plan.refused(unknown);
        }
        List<Step> steps = new ArrayList<>();
        facts.lost().stream().filter(this::mustBeFenced).forEach(m -> steps.add(fence(m.node())));
        facts.survivors().stream().filter(m -> !isRecorded(m.node())).forEach(m -> steps.add(recordFailover(m.node())));
        return Plan.of(steps);
    }

    /** Returns whether a lost member is to be fenced; a running process is ended only at the operator's request. */
    private boolean mustBeFenced(MemberStanding lost) {
        HostFacts hostFacts = hostFacts(lost.node());
        boolean may = hostFacts.isDown() || endsProcesses();
        return may
                && hostFacts.directoryOwner() == HostFacts.DirectoryOwner.OURS
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
                facts.at(), facts.version(), facts.survivor().orElseThrow().name(), commonTerm());
    }

    /**
     * Returns the last term in which the survivor and the members that are left behind have the same operations. Usually, this is
     * the last term that a survivor knows: no survivor has operations of a later one. A member outside the configuration can have
     * been primary in the term of the present primary, so only the comparison of their oplogs counts.
     */
    private long commonTerm() {
        if (!facts.isOutside()) {
            return facts.term();
        }
        return facts.divergences().stream()
                .filter(d -> d.member().equals(facts.survivor().orElseThrow().node()) && d.isRead())
                .findFirst()
                .map(d -> d.isHidden() ? d.common().term() : facts.term())
                .orElse(0L);
    }

    private Step fence(Node node) {
        Script script = marked("fence.sh", node)
                .with("text", record().line())
                .with("address", node.host().address())
                .with("port", node.port())
                .with("force", endsProcesses() ? "yes" : "no");
        Condition fenced = new Condition(node.id() + " is fenced", context -> {
            String why = traces(context, node).fenced();
            return new ProbeResult(!why.isEmpty(), why.isEmpty() ? node.id() + " has no fence" : why);
        });
        return Step.on(node.id(), "Fence " + node.id())
                .because("the failover leaves this member behind; the member must not start with the old configuration")
                .risk(Risk.DANGER)
                .type(new Action.RunScript(node.host(), script, Access.CHANGE, SOON))
                .until(fenced, SOON);
    }

    private boolean isRecorded(Node node) {
        return node.directory().isEmpty() || isRecorded(state.traces(node));
    }

    private boolean isRecorded(MemberDirectoryState traces) {
        return traces.failovers().stream().anyMatch(f -> f.from() == facts.version());
    }

    private Step recordFailover(Node node) {
        Script script = marked("record-failover.sh", node).with("text", record().line());
        return Step.on(node.id(), "Record the failover on " + node.id())
                .because("a second failover within " + FailoverFacts.WINDOW.toMinutes() + " minutes needs an override")
                .type(new Action.RunScript(node.host(), script, Access.CHANGE, SOON))
                .until(
                        new Condition("the failover is recorded", context -> {
                            boolean there = isRecorded(traces(context, node));
                            return new ProbeResult(there, there ? "recorded" : "not recorded");
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
                .map(m -> isCopying(m) ? m.withoutVote() : m)
                .toList();
        ReplicaSetConfig smaller = shape.with(members);
        Step force = Step.on(
                        facts.set(),
                        "Force the configuration of " + facts.set() + " to " + MemberStanding.names(facts.survivors()))
                .because(MemberStanding.names(facts.lost()) + " cannot be reached and are left behind")
                .risk(Risk.DANGER)
                .type(AdminCommands.forceReconfig(
                        survivor.node(), login, smaller.over(config, config.number("version") + 1, own(survivor))))
                .until(
                        new Condition(
                                "all survivors have the forced configuration", context -> known(context, smaller)),
                        SOON);
        Step elect = Step.on(facts.set(), "Elect " + survivor.name() + " primary")
                .because(survivor.name() + " has everything up to " + survivor.applied() + ", and no survivor has more")
                .risk(Risk.PAUSE)
                .type(AdminCommands.stepUp(survivor.node(), login))
                .until(SwitchoverSteps.leads(survivor.node(), login, facts.term()), SOON);
        return Plan.of(List.of(force, elect));
    }

    /** Returns the configuration of the survivor itself, which can be older than the newest one of the set. */
    private MongoDocument own(MemberStanding survivor) {
        return state.set()
                .all()
                .filter(n -> n.node().equals(survivor.node()))
                .map(n -> n.reply().config())
                .findFirst()
                .orElse(MongoDocument.EMPTY);
    }

    /** Returns whether a member has no data yet, so that it gets no vote. */
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
        return new ProbeResult(
                undeclared.isEmpty(),
                undeclared.isEmpty()
                        ? "all survivors have the forced configuration"
                        : undeclared + " do not have the forced configuration");
    }
}
