package dev.holdfast.mongodb.rolechange;

import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.state.OplogDivergence;
import dev.holdfast.mongodb.state.PeerObservation;
import dev.holdfast.plan.DecisionRule;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The decision table of a failover of a replica set. Replica sets elect their primaries themselves. Holdfast forces a
 * configuration only if a majority is lost, the operator has requested the failover, and the operator has accepted the possible
 * loss.
 */
public final class FailoverDecision {

    public static final List<DecisionRule<FailoverFacts, RoleChangeDecision>> TABLE = List.of(
            refuse(
                    DecisionCode.HOST_SILENT,
                    ExitCode.UNREACHABLE,
                    "a forced failover left behind every member that is known to have data, and another host does not answer",
                    c -> !c.givenUp().isEmpty() && !c.unheard().isEmpty(),
                    c -> "the host of " + names(c.unheard()) + " does not answer, and " + names(c.unheard())
                            + " can have all later writes; " + leftBehind(c),
                    c -> "make the host of " + names(c.unheard())
                            + " answer, then holdfast apply; if that host is lost for good, declare the member on another host,"
                            + " then holdfast failover " + c.set() + " --accept-data-loss"),
            refuse(
                    DecisionCode.ABANDONED_DATA,
                    ExitCode.WOULD_LOSE_DATA,
                    "a forced failover left behind every member that has data",
                    c -> !c.givenUp().isEmpty() && !c.request().acceptDataLoss(),
                    FailoverDecision::givenUp,
                    c ->
                            "make the data of the other members available, then holdfast apply; or start the members that were left behind:"
                                    + " holdfast failover " + c.set() + " --accept-data-loss"),
            new DecisionRule<>(
                    DecisionCode.ABANDONED_DATA_ACCEPTED,
                    "a forced failover left behind every member that has data, and the loss is accepted",
                    c -> !c.givenUp().isEmpty(),
                    c -> RoleChangeDecision.GO,
                    FailoverDecision::givenUp),
            refuse(
                    DecisionCode.SET_UNKNOWN,
                    ExitCode.UNREACHABLE,
                    "no member that answers has the set's configuration",
                    c -> c.members().isEmpty(),
                    c -> "no member of " + c.set() + " answers and accepts the login",
                    c -> "to start stopped members, run holdfast apply on a host with the secrets; to restore a "
                            + "backup, run holdfast restore"),
            refuse(
                    DecisionCode.DIVERGED,
                    ExitCode.WOULD_LOSE_DATA,
                    "a member outside the configuration has changes that the primary lacks",
                    c -> c.request().to().isEmpty() && c.isDiverged(),
                    c -> c.most().description() + "; acknowledged writes can be on both sides",
                    c -> c.most().hint(c.set())),
            refuse(
                    DecisionCode.NOTHING_TO_KEEP,
                    ExitCode.REFUSED,
                    "the requested member has no changes that the primary lacks",
                    c -> c.isOutside()
                            && c.primary().isPresent()
                            && c.divergence().isEmpty(),
                    c -> c.request().to().orElse("") + " is not in the configuration of " + c.set() + ", and "
                            + c.primary().get().name() + " has all changes of that member",
                    c -> "holdfast apply adds the member again"),
            refuse(
                    DecisionCode.EMPTY_VOTER,
                    ExitCode.WOULD_LOSE_DATA,
                    "a primary has a majority only with voters that have no data, and other members do not answer",
                    c -> !c.isOutside() && c.primary().isPresent() && c.isPrimaryByEmptyVotes(),
                    c -> c.primary().get().name() + " is primary of " + c.set() + " in term " + c.term() + ", and "
                            + answering(c) + ": " + MemberStanding.names(c.unanswering())
                            + " can have acknowledged writes that the primary lacks",
                    c -> "holdfast apply removes stopped members from the configuration, starts them and compares their"
                            + " oplogs"),
            nothing(
                    DecisionCode.PRIMARY_WITH_MAJORITY,
                    "a primary has a majority",
                    c -> !c.isOutside()
                            && c.primary().isPresent()
                            && c.voters(NodeAvailability.UP).size() >= c.majority(),
                    c -> c.primary().get().name() + " is primary of " + c.set() + " in term " + c.term() + ", and "
                            + answering(c)),
            refuse(
                    DecisionCode.PRIMARY_WITHOUT_MAJORITY,
                    ExitCode.REFUSED,
                    "a primary still answers",
                    c -> !c.isOutside() && c.primary().isPresent(),
                    c -> c.primary().get().name() + " reports itself as primary although only " + answering(c)
                            + "; a majority is " + c.majority(),
                    c -> "wait until the primary steps down, within " + seconds(c) + " s; then run holdfast failover "
                            + c.set() + " again"),
            refuse(
                    DecisionCode.PRIMARY_REACHED,
                    ExitCode.REFUSED,
                    "other servers observe a primary that does not answer here",
                    c -> !c.sightings(NodeAvailability.SILENT, true).isEmpty(),
                    c -> PeerObservation.description(c.sightings(NodeAvailability.SILENT, true))
                            + ": only this host does not reach the primary",
                    c -> c.remedy()
                            .orElse("make the primary reachable from here: holdfast status shows its address; if the "
                                    + "primary is frozen, wait about " + seconds(c) + " s for an election, then run "
                                    + "holdfast failover " + c.set() + " again")),
            refuse(
                    DecisionCode.CATCH_UP_ENDLESS,
                    ExitCode.REFUSED,
                    "the elected primary is in a catch-up that does not end",
                    c -> !c.isOutside()
                            && c.elected().flatMap(MemberStanding::endless).isPresent(),
                    c -> c.elected().get().name() + " was elected "
                            + c.elected().get().endless().get().toSeconds()
                            + " s ago, accepts no write, and fetches from no member: the catch-up does not end",
                    c -> "holdfast apply ends the catch-up, and then "
                            + c.elected().get().name() + " accepts writes"),
            nothing(
                    DecisionCode.CATCH_UP,
                    "the elected primary is in its catch-up",
                    c -> !c.isOutside() && c.elected().isPresent(),
                    c -> c.elected().get().name() + " is elected primary of " + c.set() + ", and " + answering(c)
                            + ": it accepts writes after it has fetched the writes of the other members"),
            nothing(
                    DecisionCode.ELECTION_EXPECTED,
                    "a majority will elect a primary",
                    c -> !c.isOutside()
                            && c.canElect()
                            && c.voters(NodeAvailability.UP).size() - c.empty().size() >= c.majority(),
                    c -> answering(c) + ", which is a majority: these voters elect a primary within about " + seconds(c)
                            + " s"),
            refuse(
                    DecisionCode.MEMBER_REACHED,
                    ExitCode.REFUSED,
                    "other servers observe a member that does not answer here, or did not report whether they do",
                    c -> !c.sightings().isEmpty(),
                    c -> PeerObservation.description(c.sightings()) + ", so this member does not count as lost",
                    c -> c.remedy()
                            .orElse(
                                    "make the member reachable from here, or end its process: holdfast status shows its "
                                            + "address; if the process has just ended, wait " + seconds(c)
                                            + " s, then run holdfast failover " + c.set() + " again")),
            refuse(
                            DecisionCode.OTHERS_SILENT,
                            ExitCode.UNREACHABLE,
                            "unreachable members could be a majority",
                            c -> c.voters(NodeAvailability.SILENT).size() >= c.majority()
                                    && !c.overrides(DecisionCode.OTHERS_SILENT),
                            c -> MemberStanding.names(c.voters(NodeAvailability.SILENT))
                                    + " are unreachable and possibly run: "
                                    + c.voters(NodeAvailability.SILENT).size() + " of "
                                    + c.voters().size()
                                    + " voters could elect a primary of their own; a majority is "
                                    + c.majority(),
                            c -> c.remedy().map(r -> r + "; or ").orElse("")
                                    + "make their hosts answer, so that Holdfast can fence them; or power them off, make sure"
                                    + " that they stay off, and confirm that with --override="
                                    + DecisionCode.OTHERS_SILENT)
                    .overridable(),
            refuse(
                    DecisionCode.CANDIDATE_NOT_ELECTABLE,
                    ExitCode.REFUSED,
                    "the requested member cannot be primary",
                    c -> c.request().to().isPresent() && c.survivor().isEmpty(),
                    c -> c.request().to().get() + " is not a secondary that answers and has a priority above 0;"
                            + " members that answer: " + c.survivors(),
                    c -> "omit --to"),
            refuse(
                    DecisionCode.NO_CANDIDATE,
                    ExitCode.REFUSED,
                    "no survivor can be primary",
                    c -> c.survivor().isEmpty(),
                    c -> "no secondary with a priority above 0 answers; members that answer: " + c.survivors(),
                    c -> "to start stopped members, run holdfast apply; to restore a backup, run holdfast restore"),
            refuse(
                    DecisionCode.CANDIDATE_BEHIND,
                    ExitCode.REFUSED,
                    "the requested member lacks writes of another member",
                    c -> c.request().to().isPresent() && c.ahead().isPresent(),
                    c -> c.survivor().get().name() + " has everything up to "
                            + c.survivor().get().applied() + ", but "
                            + c.ahead().get().name() + " has everything up to "
                            + c.ahead().get().applied(),
                    c -> "omit --to, so that Holdfast chooses the most advanced member"),
            refuse(
                            DecisionCode.FAILOVER_AGAIN,
                            ExitCode.REFUSED,
                            "a forced failover was made recently",
                            c -> c.isAgain() && !c.overrides(DecisionCode.FAILOVER_AGAIN),
                            c -> "the last forced failover, to "
                                    + c.last().get().survivor() + ", was at "
                                    + c.last().get().at() + ", less than " + FailoverFacts.WINDOW.toMinutes()
                                    + " minutes ago",
                            c -> "find out why the set lost its majority again, then continue with --override="
                                    + DecisionCode.FAILOVER_AGAIN)
                    .overridable(),
            refuse(
                    DecisionCode.DATA_LOSS,
                    ExitCode.WOULD_LOSE_DATA,
                    "acknowledged writes can be lost",
                    c -> !c.request().acceptDataLoss(),
                    c -> description(c),
                    c -> (c.voters(NodeAvailability.DOWN).isEmpty()
                                    ? ""
                                    : "holdfast apply starts stopped members, and nothing is lost if their data is"
                                            + " complete; ")
                            + "to leave them behind, run holdfast failover " + c.set()
                            + c.request().to().map(to -> " --to " + to).orElse("") + " --accept-data-loss"),
            new DecisionRule<>(
                    DecisionCode.DATA_LOSS_ACCEPTED,
                    "the loss is accepted",
                    c -> true,
                    c -> RoleChangeDecision.GO,
                    FailoverDecision::description));

    private FailoverDecision() {}

    private static String givenUp(FailoverFacts c) {
        return "every member of " + c.set() + " with data is fenced; " + leftBehind(c) + ": all later writes are lost";
    }

    private static String leftBehind(FailoverFacts c) {
        return names(c.givenUp()) + " have the data from before a forced failover"
                + c.last().map(l -> ", at " + l.at()).orElse("");
    }

    private static String names(List<Node> nodes) {
        return nodes.stream().map(Node::name).collect(Collectors.joining(", "));
    }

    private static String answering(FailoverFacts c) {
        String empty = c.empty().isEmpty() ? "" : " (" + MemberStanding.names(c.empty()) + " without all data)";
        return c.voters(NodeAvailability.UP).size() + " of " + c.voters().size() + " voters answer" + empty;
    }

    private static long seconds(FailoverFacts c) {
        return c.electionTimeout().toSeconds();
    }

    /** Returns a sentence about the members that are left behind and the greatest possible loss. */
    private static String description(FailoverFacts c) {
        MemberStanding survivor = c.survivor().orElseThrow();
        String why = c.isOutside()
                ? c.divergence()
                        .map(OplogDivergence::description)
                        .orElse(MemberStanding.names(c.outside()) + " answer and are not in the configuration")
                : answering(c) + "; a majority is " + c.majority();
        return why + "; the failover leaves behind " + AbandonedMember.description(c.given()) + "; "
                + survivor.name() + " has everything up to " + survivor.applied()
                + ": writes acknowledged in the "
                + AbandonedMember.bound(c.given()).toSeconds()
                + " s after that can be lost. Their number is unknown, and writes with w: majority can be among them";
    }

    private static DecisionRule<FailoverFacts, RoleChangeDecision> nothing(
            DecisionCode code, String when, Predicate<FailoverFacts> holds, Function<FailoverFacts, String> because) {
        return new DecisionRule<>(code, when, holds, c -> RoleChangeDecision.NOTHING, because);
    }

    private static DecisionRule<FailoverFacts, RoleChangeDecision> refuse(
            DecisionCode code,
            ExitCode exit,
            String when,
            Predicate<FailoverFacts> holds,
            Function<FailoverFacts, String> because,
            Function<FailoverFacts, String> hint) {
        return new DecisionRule<>(code, when, holds, c -> RoleChangeDecision.refused(exit, hint.apply(c)), because);
    }
}
