package dev.holdfast.mongodb.rolechange;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** The decision table for the rejoin of a replica set member that a failover left behind. */
public final class RejoinDecision {

    public static final List<DecisionRule<RejoinFacts, RoleChangeDecision>> TABLE = List.of(
            refuse(
                    DecisionCode.UNKNOWN_MEMBER,
                    ExitCode.USAGE,
                    "the member is not declared",
                    c -> c.standing().isEmpty(),
                    c -> c.set() + " has no member '" + c.name() + "'",
                    c -> "the members are " + String.join(", ", c.names()) + ": holdfast rejoin " + c.set()
                            + "/MEMBER"),
            refuse(
                    DecisionCode.SET_WITHOUT_PRIMARY,
                    ExitCode.REFUSED,
                    "the set has no primary",
                    c -> c.primary().isEmpty(),
                    c -> c.set() + " has no primary that the member can join",
                    c -> "holdfast failover " + c.set() + " shows what is possible without a primary"),
            refuse(
                    DecisionCode.SECRETS_UNKNOWN,
                    ExitCode.REFUSED,
                    "the login on the primary fails",
                    c -> !c.lead().applied().isKnown(),
                    c -> c.lead().name() + " is primary, and the login fails",
                    c -> "run the command on a host with the secrets of the cluster, or restore these secrets"),
            refuse(
                    DecisionCode.HOST_SILENT,
                    ExitCode.UNREACHABLE,
                    "the member's host is unreachable",
                    c -> !c.member().isUp() && c.process() == NodeAvailability.SILENT,
                    c -> "the host does not report whether " + c.name() + " runs",
                    c -> "make the host answer, then " + command(c)),
            refuse(
                    DecisionCode.PROCESS_SILENT,
                    ExitCode.UNREACHABLE,
                    "the member's process runs and does not answer",
                    c -> !c.member().isUp() && c.process() == NodeAvailability.UP,
                    c -> "the process of " + c.name() + " runs and does not answer",
                    c -> c.member()
                            .remedy()
                            .map(r -> r + ", then " + command(c))
                            .orElse("wait until the process answers, or end the process, then " + command(c))),
            refuse(
                    DecisionCode.FOREIGN_DIRECTORY,
                    ExitCode.REFUSED,
                    "the directory does not belong to the member",
                    c -> c.directoryOwner() != DirectoryOwner.OURS,
                    c -> c.directoryOwner() == DirectoryOwner.ABSENT
                            ? "the directory does not exist"
                            : "the directory contains files of another owner",
                    c -> c.directoryOwner() == DirectoryOwner.ABSENT
                            ? "holdfast apply creates the directory"
                            : "empty the directory, then holdfast apply"),
            new DecisionRule<>(
                    DecisionCode.ALREADY_PRIMARY,
                    "the member is the primary",
                    RejoinFacts::isPrimary,
                    c -> RoleChangeDecision.NOTHING,
                    c -> c.name() + " is primary of " + c.set()),
            refuse(
                    DecisionCode.DIRECTORY_UNREAD,
                    ExitCode.UNREACHABLE,
                    "the host does not report the contents of the member's directory",
                    c -> !c.traces().trouble().isEmpty(),
                    c -> "the host does not report the contents of the member's directory: "
                            + c.traces().trouble(),
                    c -> "make the host answer, then " + command(c)),
            refuse(
                    DecisionCode.NOT_COMPARED,
                    ExitCode.REFUSED,
                    "the member does not run, and was not left behind by a failover",
                    RejoinFacts::isUncompared,
                    c -> (c.doubted()
                                    ? "a voter of " + c.set() + " got its data after " + c.name() + " had stopped:"
                                    : c.name() + " is not in the configuration of " + c.set()
                                            + ", was not left behind by a failover, and does not run:")
                            + " the member's data must be compared with the primary's before it joins",
                    c -> "holdfast apply starts the member and compares its data"),
            refuse(
                    DecisionCode.NOT_COMPARABLE,
                    ExitCode.WOULD_LOSE_DATA,
                    "the member cannot start with its data, so its data cannot be compared with the primary's",
                    RejoinFacts::isNotComparable,
                    c -> c.name() + " cannot start with its data: " + c.obstacle() + "; acknowledged writes that "
                            + c.lead().name() + " lacks can be in the data",
                    c -> command(c) + " --accept-data-loss sets the data aside and makes a new copy"),
            refuse(
                    DecisionCode.COMPARISON_FAILED,
                    ExitCode.UNREACHABLE,
                    "the member's data could not be compared with the primary's",
                    RejoinFacts::isComparisonFailed,
                    c -> c.divergence().get().description(),
                    c -> c.divergence().get().hint(c.set())),
            refuse(
                    DecisionCode.DIVERGED,
                    ExitCode.WOULD_LOSE_DATA,
                    "the member has changes that the primary lacks",
                    c -> c.divergence().isPresent() && !c.acceptsLoss(),
                    c -> c.divergence().get().description() + "; acknowledged writes can be among them",
                    c -> c.divergence().get().hint(c.set())),
            go(
                    DecisionCode.STRAY_PRIMARY,
                    "the member is primary of an old configuration",
                    RejoinFacts::isStalePrimary,
                    c -> c.name() + " is primary of an old configuration, and the primary of the set is "
                            + c.lead().name()),
            go(
                    DecisionCode.UNUSABLE_DATA,
                    "the member's data cannot be used",
                    RejoinFacts::isBroken,
                    c -> c.obstacle() + "; the member needs an initial sync, and its old data is set aside"),
            go(
                    DecisionCode.FENCED,
                    "the member is fenced",
                    RejoinFacts::isFenced,
                    c -> c.name() + " is fenced: " + c.traces().fenced()),
            go(
                    DecisionCode.LEFT_OUT,
                    "the member is not in the configuration",
                    c -> !c.member().isMember(),
                    c -> c.name() + " is not in the configuration of " + c.set()),
            go(
                    DecisionCode.PROCESS_GONE,
                    "the member's process has exited",
                    RejoinFacts::isDown,
                    c -> "the process of " + c.name() + " has exited"),
            go(
                    DecisionCode.NOT_REPLICATING,
                    "the member is not healthy",
                    c -> !c.hasCaughtUp(),
                    c -> c.name() + " is " + c.member().role() + ", "
                            + c.member().lag()
                            + " s behind, and has operations of term "
                            + c.member().applied().term() + "; " + c.lead().name() + " has term "
                            + c.lead().applied().term()),
            go(
                    DecisionCode.CONFIGURATION_DIFFERS,
                    "the member's entry in the configuration differs from the declared one",
                    c -> !c.differs().isEmpty(),
                    c -> String.join(", ", c.differs())),
            go(
                    DecisionCode.ROLLED_BACK_DOCUMENTS,
                    "a rollback has left files",
                    c -> !c.traces().rolledBack().isEmpty(),
                    c -> "a rollback has left " + c.traces().rolledBack().size() + " files in the member's data"),
            new DecisionRule<>(
                    DecisionCode.REJOINED,
                    "the member has rejoined",
                    c -> true,
                    c -> RoleChangeDecision.NOTHING,
                    c -> c.name() + " is " + c.member().role() + " in " + c.set()
                            + " as declared, " + c.member().lag() + " s behind "
                            + c.lead().name()));

    private RejoinDecision() {}

    private static String command(RejoinFacts facts) {
        return "holdfast rejoin " + facts.set() + "/" + facts.name();
    }

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
