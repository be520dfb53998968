package dev.holdfast.mongodb;

import dev.holdfast.model.Exit;
import dev.holdfast.plan.Rule;
import dev.holdfast.world.State;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What may be done for a replica set that is in trouble. Sets elect their primaries themselves; a configuration is forced
 * only when a majority is lost, a person has asked for it, and has accepted what it costs.
 */
final class FailoverRules {

    static final String SILENT = "silent";
    static final String AGAIN = "again";

    static final List<Rule<FailoverCase, Ruling>> TABLE = List.of(
            refuse(
                    Exit.UNREACHABLE,
                    "no member that answers knows the set",
                    c -> c.members().isEmpty(),
                    c -> "no member of " + c.set() + " answers, or none knows the set: there is nobody to fail over to",
                    c -> "holdfast apply starts what is down; holdfast restore brings back a backup"),
            nothing(
                    "a primary has a majority",
                    c -> c.primary().isPresent() && c.voters(State.UP).size() >= c.majority(),
                    c -> c.primary().get().name() + " is primary of " + c.set() + " in term " + c.term() + ", and "
                            + answering(c)),
            refuse(
                    Exit.REFUSED,
                    "a primary is still there",
                    c -> c.primary().isPresent(),
                    c -> c.primary().get().name() + " calls itself primary although only " + answering(c)
                            + ", needed are " + c.majority(),
                    c -> "it steps down by itself within " + seconds(c) + " s; then look again"),
            nothing(
                    "a majority will elect a primary",
                    c -> c.voters(State.UP).size() >= c.majority(),
                    c -> answering(c) + ", which is a majority: they elect a primary within about " + seconds(c)
                            + " s by themselves"),
            refuse(
                    Exit.UNREACHABLE,
                    "silent members could be a majority elsewhere",
                    c -> c.voters(State.SILENT).size() >= c.majority() && !c.overrides(SILENT),
                    c -> Standing.names(c.voters(State.SILENT)) + " are silent, which is not dead: "
                            + c.voters(State.SILENT).size() + " of "
                            + c.voters().size() + " voters could have a primary of their own, needed for that are "
                            + c.majority(),
                    c -> "reach their hosts, so that they can be proven dead and fenced; or cut their power, make sure"
                            + " that they stay off, and say so with --override=" + SILENT),
            refuse(
                    Exit.REFUSED,
                    "the member asked for cannot be primary",
                    c -> c.order().to().isPresent() && c.survivor().isEmpty(),
                    c -> c.order().to().get() + " is no member that answers, is secondary and has a priority above 0;"
                            + " those that answer: " + c.survivors(),
                    c -> "leave out --to"),
            refuse(
                    Exit.REFUSED,
                    "no survivor can be primary",
                    c -> c.survivor().isEmpty(),
                    c -> "no member that answers is secondary and has a priority above 0; those that answer: "
                            + c.survivors(),
                    c -> "holdfast apply starts what is down; holdfast restore brings back a backup"),
            refuse(
                    Exit.REFUSED,
                    "the member asked for has less than another",
                    c -> c.order().to().isPresent() && c.ahead().isPresent(),
                    c -> c.survivor().get().name() + " has everything up to "
                            + c.survivor().get().applied() + ", but "
                            + c.ahead().get().name() + " up to "
                            + c.ahead().get().applied(),
                    c -> "leave out --to, which takes the member that has most"),
            refuse(
                    Exit.REFUSED,
                    "there was a forced failover just now",
                    c -> c.isAgain() && !c.overrides(AGAIN),
                    c -> "the last forced failover, to " + c.last().get().survivor() + ", was at "
                            + c.last().get().at() + ", less than " + FailoverCase.WINDOW.toMinutes() + " minutes ago",
                    c -> "find out why it did not last, then go on with --override=" + AGAIN),
            refuse(
                    Exit.WOULD_LOSE_DATA,
                    "acknowledged writes may be lost",
                    c -> !c.order().acceptDataLoss(),
                    c -> told(c),
                    c -> (c.voters(State.DOWN).isEmpty()
                                    ? ""
                                    : "holdfast apply starts those that are down, and nothing is lost if their data is"
                                            + " whole; ")
                            + "to give them up, --accept-data-loss"),
            new Rule<>("the loss is accepted", c -> true, c -> Ruling.GO, FailoverRules::told));

    private FailoverRules() {}

    private static String answering(FailoverCase c) {
        return c.voters(State.UP).size() + " of " + c.voters().size() + " voters answer";
    }

    private static long seconds(FailoverCase c) {
        return c.electionTimeout().toSeconds();
    }

    /** What is given up, and how much that is at most. */
    private static String told(FailoverCase c) {
        Standing survivor = c.survivor().orElseThrow();
        return answering(c) + ", needed are " + c.majority() + "; given up would be " + GivenUp.told(c.given()) + "; "
                + survivor.name() + " has everything up to " + survivor.applied()
                + ": writes acknowledged in the "
                + GivenUp.bound(c.given()).toSeconds()
                + " s after that may vanish, how many is not known, those of w: majority among them, because the"
                + " members given up are a majority";
    }

    private static Rule<FailoverCase, Ruling> nothing(
            String when, Predicate<FailoverCase> holds, Function<FailoverCase, String> because) {
        return new Rule<>(when, holds, c -> Ruling.NOTHING, because);
    }

    private static Rule<FailoverCase, Ruling> refuse(
            Exit exit,
            String when,
            Predicate<FailoverCase> holds,
            Function<FailoverCase, String> because,
            Function<FailoverCase, String> hint) {
        return new Rule<>(when, holds, c -> Ruling.refused(exit, hint.apply(c)), because);
    }
}
