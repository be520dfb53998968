package dev.holdfast.mongodb;

import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.model.Exit;
import dev.holdfast.plan.Rule;
import dev.holdfast.world.State;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Whether and how a member that was left behind comes back. */
final class RejoinRules {

    static final List<Rule<RejoinCase, Ruling>> TABLE = List.of(
            refuse(
                    Exit.USAGE,
                    "no such member is declared",
                    c -> c.standing().isEmpty(),
                    c -> c.set() + " has no member '" + c.name() + "'",
                    c -> "its members are " + String.join(", ", c.names())),
            refuse(
                    Exit.REFUSED,
                    "the set has no primary",
                    c -> c.primary().isEmpty(),
                    c -> c.set() + " has no primary to come back to",
                    c -> "holdfast failover " + c.set() + " says what can be done"),
            refuse(
                    Exit.UNREACHABLE,
                    "its host is silent",
                    c -> !c.member().isUp() && c.process() == State.SILENT,
                    c -> "its host does not say whether it runs",
                    c -> "reach the host again, then rejoin"),
            refuse(
                    Exit.UNREACHABLE,
                    "its process lives and does not answer",
                    c -> !c.member().isUp() && c.process() == State.UP,
                    c -> "its process lives and does not answer",
                    c -> "wait until it does, or end it and rejoin"),
            refuse(
                    Exit.REFUSED,
                    "its directory is not its own",
                    c -> c.ground() != Ground.OURS,
                    c -> c.ground() == Ground.ABSENT
                            ? "its directory is not there"
                            : "its directory holds something that is not this server's",
                    c -> c.ground() == Ground.ABSENT ? "holdfast apply makes it" : "empty it, then holdfast apply"),
            new Rule<>(
                    "it is the primary",
                    RejoinCase::isPrimary,
                    c -> Ruling.NOTHING,
                    c -> c.name() + " is primary of " + c.set()),
            go(
                    "it takes itself for primary",
                    RejoinCase::isStalePrimary,
                    c -> c.name() + " takes itself for primary, but the set has gone on with "
                            + c.lead().name() + " since"),
            go(
                    "its data cannot be used",
                    RejoinCase::isBroken,
                    c -> c.traces().broken() + "; it takes a new copy, and its old data is kept aside"),
            go(
                    "it is fenced",
                    RejoinCase::isFenced,
                    c -> "it is fenced: " + c.traces().fenced()),
            go(
                    "the configuration does not know it",
                    c -> !c.member().isMember(),
                    c -> "it is not in the configuration of " + c.set()),
            go("its process is gone", RejoinCase::isDown, c -> "its process is gone"),
            go(
                    "it is not at work",
                    c -> !c.isAtWork(),
                    c -> "it is " + c.member().role() + ", " + c.member().lag()
                            + " s behind, and has operations of term "
                            + c.member().applied().term() + "; " + c.lead().name() + " has term "
                            + c.lead().applied().term()),
            go(
                    "it is not in the configuration as declared",
                    c -> !c.differs().isEmpty(),
                    c -> String.join(", ", c.differs())),
            go(
                    "a rollback has left documents",
                    c -> !c.traces().rolledBack().isEmpty(),
                    c -> "a rollback has left " + c.traces().rolledBack().size() + " files in its data"),
            new Rule<>(
                    "it is back",
                    c -> true,
                    c -> Ruling.NOTHING,
                    c -> c.name() + " is " + c.member().role() + " in " + c.set()
                            + " as declared, and has all but " + c.member().lag() + " s of what "
                            + c.lead().name() + " has"));

    private RejoinRules() {}

    private static Rule<RejoinCase, Ruling> go(
            String when, Predicate<RejoinCase> holds, Function<RejoinCase, String> because) {
        return new Rule<>(when, holds, c -> Ruling.GO, because);
    }

    private static Rule<RejoinCase, Ruling> refuse(
            Exit exit,
            String when,
            Predicate<RejoinCase> holds,
            Function<RejoinCase, String> because,
            Function<RejoinCase, String> hint) {
        return new Rule<>(when, holds, c -> Ruling.refused(exit, hint.apply(c)), because);
    }
}
