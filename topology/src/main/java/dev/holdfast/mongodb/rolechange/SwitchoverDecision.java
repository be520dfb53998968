package dev.holdfast.mongodb.rolechange;

import static dev.holdfast.mongodb.rolechange.MemberStanding.plain;

import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** The decision table of a switchover to another member of a replica set. */
public final class SwitchoverDecision {

    private static final String EDIT =
            "change this in the topology and run holdfast apply, or choose another member with --to";

    public static final List<DecisionRule<SwitchoverFacts, RoleChangeDecision>> TABLE = List.of(
            refuse(
                    DecisionCode.NOT_INITIATED,
                    "no member has a configuration",
                    c -> c.members().stream().noneMatch(MemberStanding::isMember),
                    c -> c.set() + " does not exist",
                    c -> "holdfast apply creates the replica set"),
            refuse(
                    DecisionCode.UNKNOWN_MEMBER,
                    ExitCode.USAGE,
                    "the requested member is not in the set",
                    c -> c.to().isPresent()
                            && c.candidate().filter(MemberStanding::isMember).isEmpty(),
                    c -> c.to().get() + " is not a member of " + c.set() + "; its members are "
                            + MemberStanding.names(c.members()),
                    c -> "choose one of them with --to"),
            new DecisionRule<>(
                    DecisionCode.ALREADY_PRIMARY,
                    "the requested member is primary",
                    c -> c.to().isPresent() && c.chosen().isPrimary(),
                    c -> RoleChangeDecision.NOTHING,
                    c -> c.chosen().name() + " is primary of " + c.set() + " in term " + c.term()),
            refuse(
                    DecisionCode.NO_MAJORITY,
                    "no majority of the voters answers",
                    c -> c.votersUp() < c.majority(),
                    c -> c.votersUp() + " of " + c.voters().size() + " voters answer"
                            + (c.voters().stream().anyMatch(MemberStanding::isCopying) ? " and have data" : "")
                            + "; a majority is " + c.majority(),
                    c -> c.remedy()
                                    .map(r -> r + ", then run holdfast switchover " + c.set() + " again; or ")
                                    .orElse(
                                            "holdfast status shows why members do not answer; holdfast apply starts stopped"
                                                    + " ones; ")
                            + "holdfast failover " + c.set() + " reports the loss without the other members"),
            refuse(
                    DecisionCode.NO_CANDIDATE,
                    "no member can become primary",
                    c -> c.candidate().isEmpty(),
                    c -> "no other member can become primary: " + c.members(),
                    c -> c.remedy().map(r -> r + "; ").orElse("")
                            + "holdfast status shows the members: a switchover needs a secondary with a priority above 0"
                            + " that is at most " + SwitchoverFacts.LONGEST_LAG + " s behind"),
            refuse(
                    DecisionCode.CANDIDATE_SILENT,
                    ExitCode.UNREACHABLE,
                    "the candidate is unreachable",
                    c -> c.chosen().state() == NodeAvailability.SILENT,
                    c -> c.chosen().name() + " does not answer",
                    c -> c.chosen().remedy().orElse("holdfast status shows the members; choose another one with --to")),
            refuse(
                    DecisionCode.CANDIDATE_DOWN,
                    "the candidate is down",
                    c -> c.chosen().state() == NodeAvailability.DOWN,
                    c -> c.chosen().name() + " is down: its process has exited",
                    c -> "holdfast apply starts the member; or choose another member with --to"),
            refuse(
                    DecisionCode.CANDIDATE_ARBITER,
                    "the candidate is an arbiter",
                    c -> c.chosen().isArbiter(),
                    c -> c.chosen().name() + " is an arbiter and has no data",
                    c -> "choose a member with data with --to"),
            refuse(
                    DecisionCode.CANDIDATE_HIDDEN,
                    "the candidate is hidden",
                    c -> c.chosen().isHidden(),
                    c -> c.chosen().name() + " is hidden from clients",
                    c -> EDIT),
            refuse(
                    DecisionCode.CANDIDATE_DELAYED,
                    "the candidate is delayed",
                    c -> c.chosen().delay() > 0,
                    c -> c.chosen().name() + " has a declared delay of "
                            + c.chosen().delay() + " s",
                    c -> EDIT),
            refuse(
                    DecisionCode.CANDIDATE_NOT_ELECTABLE,
                    "the candidate is not eligible",
                    c -> c.chosen().priority() == 0 || !c.chosen().votes(),
                    c -> c.chosen().name() + " has priority " + plain(c.chosen().priority()) + " and "
                            + c.chosen().member().number("votes") + " votes; a primary has more than 0 of both",
                    c -> EDIT),
            refuse(
                    DecisionCode.CANDIDATE_NOT_SECONDARY,
                    "the candidate is not healthy",
                    c -> !c.chosen().isSecondary(),
                    c -> c.chosen().name() + " is " + c.chosen().role() + ", desired secondary",
                    c -> "wait until the member is secondary, or choose another member with --to"),
            refuse(
                            DecisionCode.CANDIDATE_LAG,
                            "the candidate is far behind",
                            c -> c.chosen().lag() > SwitchoverFacts.LONGEST_LAG
                                    && !c.overrides(DecisionCode.CANDIDATE_LAG),
                            c -> c.chosen().name() + " is " + c.chosen().lag() + " s behind, the limit is "
                                    + SwitchoverFacts.LONGEST_LAG + " s",
                            c -> "wait until the candidate has caught up, or let the switchover wait with --override="
                                    + DecisionCode.CANDIDATE_LAG)
                    .overridable(),
            refuse(
                            DecisionCode.PRIORITY,
                            "another member has a higher priority",
                            c -> c.higherPriorityMember().isPresent() && !c.overrides(DecisionCode.PRIORITY),
                            c -> c.higherPriorityMember().get().name() + " has priority "
                                    + plain(c.higherPriorityMember().get().priority()) + " and "
                                    + c.chosen().name() + " has "
                                    + plain(c.chosen().priority())
                                    + ": the set would soon elect the member with the higher priority",
                            c ->
                                    "change the priorities in the topology and run holdfast apply, or accept a second election with --override="
                                            + DecisionCode.PRIORITY)
                    .overridable(),
            new DecisionRule<>(
                    DecisionCode.NO_PRIMARY_TO_RELIEVE,
                    "the set has no primary",
                    c -> c.primary().isEmpty(),
                    c -> RoleChangeDecision.GO,
                    c -> "no member is primary, " + c.votersUp() + " of "
                            + c.voters().size() + " voters answer, and " + c.chosen() + " can be"),
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_FIT,
                    "all preconditions hold",
                    c -> true,
                    c -> RoleChangeDecision.GO,
                    c -> c.primary().get().name() + " is primary in term " + c.term() + ", "
                            + c.votersUp() + " of " + c.voters().size() + " voters answer, and "
                            + c.chosen() + " can become primary"
                            + c.higherPriorityMember()
                                    .map(p -> "; " + p.name() + " has priority " + plain(p.priority())
                                            + " and will be elected afterwards")
                                    .orElse("")));

    private SwitchoverDecision() {}

    private static DecisionRule<SwitchoverFacts, RoleChangeDecision> refuse(
            DecisionCode code,
            String when,
            Predicate<SwitchoverFacts> holds,
            Function<SwitchoverFacts, String> because,
            Function<SwitchoverFacts, String> hint) {
        return refuse(code, ExitCode.REFUSED, when, holds, because, hint);
    }

    private static DecisionRule<SwitchoverFacts, RoleChangeDecision> refuse(
            DecisionCode code,
            ExitCode exit,
            String when,
            Predicate<SwitchoverFacts> holds,
            Function<SwitchoverFacts, String> because,
            Function<SwitchoverFacts, String> hint) {
        return new DecisionRule<>(code, when, holds, c -> RoleChangeDecision.refused(exit, hint.apply(c)), because);
    }
}
