package dev.holdfast.mongodb.rolechange;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Whether and how a member that was left behind comes back. */
public final class RejoinDecision {

    public static final List<DecisionRule<RejoinFacts, RoleChangeDecision>> TABLE = List.of(
            refuse(
                    DecisionCode.UNKNOWN_MEMBER,
                    ExitCode.USAGE,
                    "no such member is declared",
                    c -> c.standing().isEmpty(),
                    c -> c.set() + " has no member '" + c.name() + "'",
                    c -> "its members are " + String.join(", ", c.names())),
            refuse(
                    DecisionCode.SET_WITHOUT_PRIMARY,
                    ExitCode.REFUSED,
                    "the set has no primary",
                    c -> c.primary().isEmpty(),
                    c -> c.set() + " has no primary to come back to",
                    c -> "holdfast failover " + c.set() + " says what can be done"),
            refuse(
                    DecisionCode.SECRETS_UNKNOWN,
                    ExitCode.REFUSED,
                    "the primary does not let Holdfast log in",
                    c -> !c.lead().applied().isKnown(),
                    c -> c.lead().name() + " is primary and does not let Holdfast log in",
                    c -> "run where the secrets of the cluster are known, or restore them"),
            refuse(
                    DecisionCode.HOST_SILENT,
                    ExitCode.UNREACHABLE,
                    "its host is silent",
                    c -> !c.member().isUp() && c.process() == NodeAvailability.SILENT,
                    c -> "its host does not say whether it runs",
                    c -> "reach the host again, then rejoin"),
            refuse(
                    DecisionCode.PROCESS_SILENT,
                    ExitCode.UNREACHABLE,
                    "its process lives and does not answer",
                    c -> !c.member().isUp() && c.process() == NodeAvailability.UP,
                    c -> "its process lives and does not answer",
                    c -> "wait until it does, or end it and rejoin"),
            refuse(
                    DecisionCode.FOREIGN_DIRECTORY,
                    ExitCode.REFUSED,
                    "its directory is not its own",
                    c -> c.ground() != DirectoryOwner.OURS,
                    c -> c.ground() == DirectoryOwner.ABSENT
                            ? "its directory is not there"
                            : "its directory holds something that is not this server's",
                    c -> c.ground() == DirectoryOwner.ABSENT
                            ? "holdfast apply makes it"
                            : "empty it, then holdfast apply"),
            new DecisionRule<>(
                    DecisionCode.ALREADY_PRIMARY,
                    "it is the primary",
                    RejoinFacts::isPrimary,
                    c -> RoleChangeDecision.NOTHING,
                    c -> c.name() + " is primary of " + c.set()),
            refuse(
                    DecisionCode.DIRECTORY_UNREAD,
                    ExitCode.UNREACHABLE,
                    "its host does not say what its directory holds",
                    c -> !c.traces().trouble().isEmpty(),
                    c -> "its host does not say what its directory holds: "
                            + c.traces().trouble(),
                    c -> "make its host answer, then rejoin"),
            refuse(
                    DecisionCode.NOT_COMPARED,
                    ExitCode.REFUSED,
                    "it does not run, and no failover gave it up",
                    RejoinFacts::isUncompared,
                    c -> "it is not in the configuration of " + c.set()
                            + ", no failover gave it up, and it does not run:"
                            + " its data must be compared with the primary's before it joins again",
                    c -> "holdfast apply starts it and compares its data"),
            refuse(
                    DecisionCode.COMPARISON_FAILED,
                    ExitCode.UNREACHABLE,
                    "its data could not be compared with the primary's",
                    c -> c.parting().filter(p -> !p.isRead()).isPresent(),
                    c -> c.parting().get().description(),
                    c -> c.parting().get().hint(c.set())),
            refuse(
                    DecisionCode.DIVERGED,
                    ExitCode.WOULD_LOSE_DATA,
                    "it has changes that the primary lacks",
                    c -> c.parting().isPresent() && !c.acceptsLoss(),
                    c -> c.parting().get().description() + "; acknowledged writes can be among them",
                    c -> c.parting().get().hint(c.set())),
            go(
                    DecisionCode.STRAY_PRIMARY,
                    "it takes itself for primary",
                    RejoinFacts::isStalePrimary,
                    c -> c.name() + " takes itself for primary, but the set has gone on with "
                            + c.lead().name() + " since"),
            go(
                    DecisionCode.UNUSABLE_DATA,
                    "its data cannot be used",
                    RejoinFacts::isBroken,
                    c -> c.traces().broken() + "; it takes a new copy, and its old data is kept aside"),
            go(
                    DecisionCode.FENCED,
                    "it is fenced",
                    RejoinFacts::isFenced,
                    c -> "it is fenced: " + c.traces().fenced()),
            go(
                    DecisionCode.LEFT_OUT,
                    "the configuration does not know it",
                    c -> !c.member().isMember(),
                    c -> "it is not in the configuration of " + c.set()),
            go(DecisionCode.PROCESS_GONE, "its process is gone", RejoinFacts::isDown, c -> "its process is gone"),
            go(
                    DecisionCode.NOT_REPLICATING,
                    "it is not at work",
                    c -> !c.isAtWork(),
                    c -> "it is " + c.member().role() + ", " + c.member().lag()
                            + " s behind, and has operations of term "
                            + c.member().applied().term() + "; " + c.lead().name() + " has term "
                            + c.lead().applied().term()),
            go(
                    DecisionCode.CONFIGURATION_DIFFERS,
                    "it is not in the configuration as declared",
                    c -> !c.differs().isEmpty(),
                    c -> String.join(", ", c.differs())),
            go(
                    DecisionCode.ROLLED_BACK_DOCUMENTS,
                    "a rollback has left documents",
                    c -> !c.traces().rolledBack().isEmpty(),
                    c -> "a rollback has left " + c.traces().rolledBack().size() + " files in its data"),
            new DecisionRule<>(
                    DecisionCode.REJOINED,
                    "it is back",
                    c -> true,
                    c -> RoleChangeDecision.NOTHING,
                    c -> c.name() + " is " + c.member().role() + " in " + c.set()
                            + " as declared, and has all but " + c.member().lag() + " s of what "
                            + c.lead().name() + " has"));

    private RejoinDecision() {}

    private static DecisionRule<RejoinFacts, RoleChangeDecision> go(
            DecisionCode code, String when, Predicate<RejoinFacts> holds, Function<RejoinFacts, String> because) {
        return new DecisionRule<>(code, when, holds, c -> RoleChangeDecision.GO, because);
    }

    private static DecisionRule<RejoinFacts, RoleChangeDecision> refuse(
            DecisionCode code,
            ExitCode exit,
            String when,
            Predicate<RejoinFacts> holds,
            Function<RejoinFacts, String> because,
            Function<RejoinFacts, String> hint) {
        return new DecisionRule<>(code, when, holds, c -> RoleChangeDecision.refused(exit, hint.apply(c)), because);
    }
}
