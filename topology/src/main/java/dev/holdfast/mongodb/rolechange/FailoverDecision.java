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
 * What may be done for a replica set that is in trouble. Sets elect their primaries themselves; a configuration is forced
 * only when a majority is lost, a person has asked for it, and has accepted what it costs.
 */
public final class FailoverDecision {

    public static final List<DecisionRule<FailoverFacts, RoleChangeDecision>> TABLE = List.of(
            refuse(
                    DecisionCode.ABANDONED_DATA,
                    ExitCode.WOULD_LOSE_DATA,
                    "only members that a forced failover has given up hold data",
                    c -> !c.givenUp().isEmpty() && !c.request().acceptDataLoss(),
                    FailoverDecision::givenUp,
                    c ->
                            "bring the data of the other members back, then holdfast apply; or start those that were given up"
                                    + " with holdfast failover " + c.set() + " --accept-data-loss"),
            new DecisionRule<>(
                    DecisionCode.ABANDONED_DATA_ACCEPTED,
                    "only members that a forced failover has given up hold data, and the loss is accepted",
                    c -> !c.givenUp().isEmpty(),
                    c -> RoleChangeDecision.GO,
                    FailoverDecision::givenUp),
            refuse(
                    DecisionCode.SET_UNKNOWN,
                    ExitCode.UNREACHABLE,
                    "no member that answers knows the set",
                    c -> c.members().isEmpty(),
                    c -> "no member of " + c.set() + " answers, or none lets Holdfast log in",
                    c ->
                            "holdfast apply starts what is down, where the secrets are known; holdfast restore brings back a"
                                    + " backup"),
            refuse(
                    DecisionCode.DIVERGED,
                    ExitCode.WOULD_LOSE_DATA,
                    "a member that is left out has changes that the primary lacks",
                    c -> c.request().to().isEmpty() && !c.partings().isEmpty(),
                    c -> c.most().description() + "; acknowledged writes can be on both sides",
                    c -> c.most().hint(c.set())),
            refuse(
                    DecisionCode.NOTHING_TO_KEEP,
                    ExitCode.REFUSED,
                    "the member asked for has nothing that the primary lacks",
                    c -> c.isOutside() && c.primary().isPresent() && c.parting().isEmpty(),
                    c -> c.request().to().orElse("") + " is not in the configuration of " + c.set() + ", and "
                            + c.primary().get().name() + " has all that it has",
                    c -> "holdfast apply adds it again"),
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
                    "a primary is still there",
                    c -> !c.isOutside() && c.primary().isPresent(),
                    c -> c.primary().get().name() + " calls itself primary although only " + answering(c)
                            + ", needed are " + c.majority(),
                    c -> "it steps down by itself within " + seconds(c) + " s; then look again"),
            refuse(
                    DecisionCode.PRIMARY_REACHED,
                    ExitCode.REFUSED,
                    "others see a primary that does not answer here",
                    c -> !c.sightings(NodeAvailability.SILENT, true).isEmpty(),
                    c -> PeerObservation.description(c.sightings(NodeAvailability.SILENT, true))
                            + ": only this machine does not reach it",
                    c -> "make it reachable from here: holdfast status shows its address; if it is frozen, the others"
                            + " elect another within about " + seconds(c) + " s, then look again"),
            nothing(
                    DecisionCode.ELECTION_EXPECTED,
                    "a majority will elect a primary",
                    c -> !c.isOutside()
                            && c.voters(NodeAvailability.UP).size() - c.empty().size() >= c.majority(),
                    c -> answering(c) + ", which is a majority: they elect a primary within about " + seconds(c)
                            + " s by themselves"),
            refuse(
                    DecisionCode.MEMBER_REACHED,
                    ExitCode.REFUSED,
                    "others see a member that does not answer here",
                    c -> !c.sightings().isEmpty(),
                    c -> PeerObservation.description(c.sightings()) + ", so it is not lost",
                    c -> "make it reachable from here: holdfast status shows its address; if it has just ended, wait "
                            + seconds(c) + " s, then look again"),
            refuse(
                            DecisionCode.OTHERS_SILENT,
                            ExitCode.UNREACHABLE,
                            "silent members could be a majority elsewhere",
                            c -> c.voters(NodeAvailability.SILENT).size() >= c.majority()
                                    && !c.overrides(DecisionCode.OTHERS_SILENT),
                            c -> MemberStanding.names(c.voters(NodeAvailability.SILENT))
                                    + " are silent, which is not dead: "
                                    + c.voters(NodeAvailability.SILENT).size() + " of "
                                    + c.voters().size()
                                    + " voters could have a primary of their own, needed for that are "
                                    + c.majority(),
                            c ->
                                    "reach their hosts, so that they can be proven dead and fenced; or cut their power, make sure"
                                            + " that they stay off, and say so with --override="
                                            + DecisionCode.OTHERS_SILENT)
                    .overridable(),
            refuse(
                    DecisionCode.CANDIDATE_NOT_ELECTABLE,
                    ExitCode.REFUSED,
                    "the member asked for cannot be primary",
                    c -> c.request().to().isPresent() && c.survivor().isEmpty(),
                    c -> c.request().to().get() + " is no member that answers, is secondary and has a priority above 0;"
                            + " those that answer: " + c.survivors(),
                    c -> "leave out --to"),
            refuse(
                    DecisionCode.NO_CANDIDATE,
                    ExitCode.REFUSED,
                    "no survivor can be primary",
                    c -> c.survivor().isEmpty(),
                    c -> "no member that answers is secondary and has a priority above 0; those that answer: "
                            + c.survivors(),
                    c -> "holdfast apply starts what is down; holdfast restore brings back a backup"),
            refuse(
                    DecisionCode.CANDIDATE_BEHIND,
                    ExitCode.REFUSED,
                    "the member asked for has less than another",
                    c -> c.request().to().isPresent() && c.ahead().isPresent(),
                    c -> c.survivor().get().name() + " has everything up to "
                            + c.survivor().get().applied() + ", but "
                            + c.ahead().get().name() + " up to "
                            + c.ahead().get().applied(),
                    c -> "leave out --to, which takes the member that has most"),
            refuse(
                            DecisionCode.FAILOVER_AGAIN,
                            ExitCode.REFUSED,
                            "there was a forced failover just now",
                            c -> c.isAgain() && !c.overrides(DecisionCode.FAILOVER_AGAIN),
                            c -> "the last forced failover, to "
                                    + c.last().get().survivor() + ", was at "
                                    + c.last().get().at() + ", less than " + FailoverFacts.WINDOW.toMinutes()
                                    + " minutes ago",
                            c -> "find out why it did not last, then go on with --override="
                                    + DecisionCode.FAILOVER_AGAIN)
                    .overridable(),
            refuse(
                    DecisionCode.DATA_LOSS,
                    ExitCode.WOULD_LOSE_DATA,
                    "acknowledged writes may be lost",
                    c -> !c.request().acceptDataLoss(),
                    c -> description(c),
                    c -> (c.voters(NodeAvailability.DOWN).isEmpty()
                                    ? ""
                                    : "holdfast apply starts those that are down, and nothing is lost if their data is"
                                            + " whole; ")
                            + "to give them up, holdfast failover " + c.set()
                            + c.request().to().map(to -> " --to " + to).orElse("") + " --accept-data-loss"),
            new DecisionRule<>(
                    DecisionCode.DATA_LOSS_ACCEPTED,
                    "the loss is accepted",
                    c -> true,
                    c -> RoleChangeDecision.GO,
                    FailoverDecision::description));

    private FailoverDecision() {}

    private static String givenUp(FailoverFacts c) {
        return "no member of " + c.set() + " that may be started holds data; "
                + c.givenUp().stream().map(Node::name).collect(Collectors.joining(", "))
                + " hold what was written before a forced failover gave them up"
                + c.last().map(l -> ", at " + l.at()).orElse("") + ": everything written since is lost";
    }

    private static String answering(FailoverFacts c) {
        String empty = c.empty().isEmpty() ? "" : " (" + MemberStanding.names(c.empty()) + " without all data)";
        return c.voters(NodeAvailability.UP).size() + " of " + c.voters().size() + " voters answer" + empty;
    }

    private static long seconds(FailoverFacts c) {
        return c.electionTimeout().toSeconds();
    }

    /** What is given up, and how much that is at most. */
    private static String description(FailoverFacts c) {
        MemberStanding survivor = c.survivor().orElseThrow();
        String why = c.isOutside()
                ? c.parting()
                        .map(OplogDivergence::description)
                        .orElse(MemberStanding.names(c.outside()) + " answer, and the configuration leaves them out")
                : answering(c) + ", needed are " + c.majority();
        return why + "; given up would be " + AbandonedMember.description(c.given()) + "; "
                + survivor.name() + " has everything up to " + survivor.applied()
                + ": writes acknowledged in the "
                + AbandonedMember.bound(c.given()).toSeconds()
                + " s after that may vanish, how many is not known, those of w: majority among them, because the"
                + " members given up are a majority";
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
