package dev.holdfast.mongodb.rolechange;

import static dev.holdfast.mongodb.action.ServerQueries.reply;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.AdminCommands;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.mongodb.value.OpTime;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The steps that move the primary role to a chosen member with one election.
 *
 * <ol>
 *   <li>The candidate catches up, while writes continue.
 *   <li>The candidate's freeze from an earlier stepdown is ended. The other members are frozen for a short time, so that none
 *       of them is elected.
 *   <li>The primary steps down: it accepts no more writes, and a majority has all its writes.
 *   <li>The candidate, which now has all writes, is elected, and all freezes are ended.
 * </ol>
 *
 * Invariants: no member accepts writes that another must roll back. If a step fails, every freeze is ended, so that the set
 * can elect any member.
 */
public record SwitchoverSteps(SwitchoverFacts facts, Credentials login) {

    /** The freeze: longer than a switchover, and short enough to wait for its end if Holdfast is killed. */
    private static final int FROZEN_SECONDS = 20;
    /** The greatest wait of writes for a majority to catch up; afterwards the primary keeps its role. */
    private static final int STEP_DOWN_PATIENCE_SECONDS = 5;

    private static final long CAUGHT_UP_SECONDS = 1;
    private static final Duration CATCH_UP = Duration.ofMinutes(30);
    private static final Duration SOON = Duration.ofSeconds(20);

    Plan catchUp() {
        MemberStanding candidate = facts.chosen();
        if (facts.primary().isEmpty() || candidate.lag() <= CAUGHT_UP_SECONDS) {
            return Plan.NOTHING;
        }
        Condition near = new Condition(
                candidate.name() + " is at most " + CAUGHT_UP_SECONDS + " s behind",
                context -> lag(context, facts.primary().get().node(), candidate.node()));
        return Plan.of(List.of(Step.on(facts.set(), "Wait until " + candidate.name() + " has caught up")
                .because(candidate.name() + " is " + candidate.lag() + " s behind, and writes would wait for it")
                .until(near, CATCH_UP)));
    }

    private ProbeResult lag(ExecutionContext context, Node primary, Node candidate) {
        List<OpTime> applied = applied(context, List.of(primary, candidate));
        long behind = applied.get(0).seconds() - applied.get(1).seconds();
        return new ProbeResult(applied.get(1).isKnown() && behind <= CAUGHT_UP_SECONDS, behind + " s behind");
    }

    public Plan switchOver() {
        List<Step> steps = new ArrayList<>();
        facts.primary().ifPresent(p -> steps.add(stepDown(p)));
        steps.add(elect());
        return Plan.of(steps);
    }

    private Step stepDown(MemberStanding primary) {
        List<Action> actions = new ArrayList<>();
        actions.add(AdminCommands.freeze(facts.chosen().node(), login, 0));
        others().forEach(o -> actions.add(AdminCommands.freeze(o.node(), login, FROZEN_SECONDS)));
        actions.add(AdminCommands.stepAside(primary.node(), login, FROZEN_SECONDS, STEP_DOWN_PATIENCE_SECONDS));
        String description =
                primary.name() + " accepts no more writes and " + facts.chosen().name() + " has all its writes";
        return Step.on(facts.set(), "Step down " + primary.name() + " as primary")
                .because(primary.name() + " is primary, desired "
                        + facts.chosen().name())
                .risk(Risk.PAUSE)
                .type(actions)
                .revert(lift().toArray(Action[]::new))
                .until(new Condition(description, context -> switchedOver(context, primary.node())), SOON);
    }

    private ProbeResult switchedOver(ExecutionContext context, Node before) {
        if (reply(context, before, login, "hello.json").is("isWritablePrimary")) {
            return Condition.notYet(before.name() + " is primary");
        }
        List<OpTime> applied = applied(context, List.of(before, facts.chosen().node()));
        boolean all = applied.get(0).isKnown() && applied.get(1).compareTo(applied.get(0)) >= 0;
        return new ProbeResult(
                all,
                before.name() + " has " + applied.get(0) + ", " + facts.chosen().name() + " has " + applied.get(1));
    }

    private Step elect() {
        Node candidate = facts.chosen().node();
        List<Action> actions = new ArrayList<>();
        if (facts.primary().isEmpty()) {
            actions.add(AdminCommands.freeze(candidate, login, 0));
        }
        actions.add(AdminCommands.stepUp(candidate, login));
        facts.primary().ifPresent(p -> actions.add(AdminCommands.freeze(p.node(), login, 0)));
        others().forEach(o -> actions.add(AdminCommands.freeze(o.node(), login, 0)));
        return Step.on(facts.set(), "Elect " + candidate.name() + " primary")
                .because(facts.primary().isPresent() ? "no member is primary then" : "no member is primary")
                .risk(Risk.PAUSE)
                .type(actions)
                .revert(lift().toArray(Action[]::new))
                .until(leads(candidate, login, facts.term()), SOON);
    }

    /** Returns the condition that a member is primary in a later term and a majority has a write of that term. */
    public static Condition leads(Node candidate, Credentials login, long after) {
        return new Condition(
                candidate.name() + " is primary in a term after " + after + ", and a majority has a write of it",
                context -> {
                    if (!reply(context, candidate, login, "hello.json").is("isWritablePrimary")) {
                        return Condition.notYet(candidate.name() + " is not primary");
                    }
                    MongoDocument status = reply(context, candidate, login, "status.json");
                    long term = status.number("term");
                    OpTime committed = OpTime.of(status.doc("optimes").doc("lastCommittedOpTime"));
                    return new ProbeResult(
                            term > after && committed.term() == term,
                            candidate.name() + " is primary in term " + term + ", a majority has " + committed);
                });
    }

    /** Returns the members that could be elected instead. */
    private List<MemberStanding> others() {
        return facts.members().stream()
                .filter(m -> m.canBeElected() && !m.equals(facts.chosen()))
                .toList();
    }

    private List<Action> lift() {
        List<Action> all = new ArrayList<>();
        others().forEach(o -> all.add(AdminCommands.freeze(o.node(), login, 0)));
        facts.primary().ifPresent(p -> all.add(AdminCommands.freeze(p.node(), login, 0)));
        return all;
    }

    private List<OpTime> applied(ExecutionContext context, List<Node> nodes) {
        return context.sideBySide(nodes.stream()
                .<Supplier<OpTime>>map(n -> () -> OpTime.of(
                        reply(context, n, login, "status.json").doc("optimes").doc("appliedOpTime")))
                .toList());
    }
}
