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
 * The steps that hand the primary's role to a chosen member, by one election.
 *
 * <ol>
 *   <li>The candidate catches up, while writes go on.
 *   <li>Its own freeze from an earlier stepdown is lifted, and the other members are frozen for a moment, so that none of
 *       them is elected in its stead.
 *   <li>The primary steps down: it stops taking writes, and a majority has all that it took.
 *   <li>The candidate, which now has everything too, is elected; all freezes are lifted.
 * </ol>
 *
 * Invariants: no member takes writes that another must roll back; when a step does not come true every freeze is lifted,
 * so that the set elects whom it will.
 */
public record SwitchoverSteps(SwitchoverFacts facts, Credentials login) {

    /** Longer than a handover takes, and short enough to be waited out when Holdfast is killed in the middle of one. */
    private static final int FROZEN_SECONDS = 20;
    /** Writes wait at most this long for a majority to catch up; after that the primary goes on as it was. */
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
                .because("it is " + candidate.lag() + " s behind, and writes would wait for it")
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
                primary.name() + " takes no more writes and " + facts.chosen().name() + " has all it took";
        return Step.on(facts.set(), "Have " + primary.name() + " step down as primary")
                .because(facts.chosen().name() + " shall be primary")
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
        return new ProbeResult(all, before.name() + " has " + applied.get(0) + ", the other " + applied.get(1));
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
        return Step.on(facts.set(), "Have " + candidate.name() + " elected primary")
                .because(facts.primary().isPresent() ? "nobody is primary then" : "nobody is primary")
                .risk(Risk.PAUSE)
                .type(actions)
                .revert(lift().toArray(Action[]::new))
                .until(leads(candidate, login, facts.term()), SOON);
    }

    /** A member is primary in a later term, and a majority has a write of that term. */
    public static Condition leads(Node candidate, Credentials login, long after) {
        return new Condition(
                candidate.name() + " is primary in a term after " + after + ", and a majority has a write of it",
                context -> {
                    if (!reply(context, candidate, login, "hello.json").is("isWritablePrimary")) {
                        return Condition.notYet("it is not primary");
                    }
                    MongoDocument status = reply(context, candidate, login, "status.json");
                    long term = status.number("term");
                    OpTime committed = OpTime.of(status.doc("optimes").doc("lastCommittedOpTime"));
                    return new ProbeResult(
                            term > after && committed.term() == term,
                            "it is primary in term " + term + ", a majority has " + committed);
                });
    }

    /** Members that could be elected instead. */
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
