package dev.holdfast.mongodb.provision;

import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.rolechange.RoleChangeDecision;
import dev.holdfast.plan.DecisionRule;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** The decision table of {@code upgrade --finish}, which raises the feature compatibility version of a cluster. */
public final class FinishDecision {

    public static final List<DecisionRule<FinishFacts, RoleChangeDecision>> TABLE = List.of(
            refuse(
                    DecisionCode.CLUSTER_MISSING,
                    ExitCode.REFUSED,
                    "no server of the cluster exists",
                    c -> !c.exists() && c.silent().isEmpty(),
                    c -> c.cluster() + " does not exist",
                    c -> "holdfast apply creates the cluster"),
            refuse(
                    DecisionCode.SERVER_SILENT,
                    ExitCode.UNREACHABLE,
                    "a server does not answer",
                    c -> !c.silent().isEmpty(),
                    c -> "no answer from " + String.join(", ", c.silent()) + ": the version there is unknown",
                    c -> "make every server answer, then " + command(c) + "; holdfast status reports them"),
            refuse(
                    DecisionCode.SET_WITHOUT_PRIMARY,
                    ExitCode.REFUSED,
                    "a set has no primary",
                    c -> !c.withoutPrimary().isEmpty(),
                    c -> String.join(" and ", c.withoutPrimary()) + " has no primary",
                    c -> "holdfast failover " + c.withoutPrimary().get(0) + " reports the possible ways out"),
            refuse(
                    DecisionCode.MEMBERS_UNHEALTHY,
                    ExitCode.REFUSED,
                    "a server does not run, or a member is not healthy",
                    c -> !c.lacking().isEmpty(),
                    c -> String.join("; ", c.lacking()),
                    c -> "holdfast apply, then " + command(c)),
            refuse(
                    DecisionCode.MEMBER_UNDECLARED,
                    ExitCode.REFUSED,
                    "a member or shard is not declared",
                    c -> !c.undeclared().isEmpty(),
                    c -> "not declared, so Holdfast does not know the version: " + String.join(", ", c.undeclared()),
                    c -> "declare the server, or remove it from the cluster; holdfast plan names it"),
            refuse(
                    DecisionCode.VERSIONS_MIXED,
                    ExitCode.REFUSED,
                    "the servers do not all run the declared program",
                    c -> c.mixed().isPresent(),
                    c -> c.mixed().get(),
                    c -> "holdfast apply ends the rolling upgrade, then " + command(c)),
            refuse(
                    DecisionCode.SECRETS_UNKNOWN,
                    ExitCode.REFUSED,
                    "a member does not report its feature compatibility version",
                    c -> !c.unread().isEmpty() || c.target().isEmpty(),
                    c -> "the feature compatibility version was not read on " + String.join(", ", c.unread()),
                    c -> "run the command on a host with the secrets of the cluster, or restore these secrets"),
            new DecisionRule<>(
                    DecisionCode.UPGRADE_FINISHED,
                    "every member has the feature compatibility version of its program",
                    FinishFacts::isFinished,
                    c -> RoleChangeDecision.NOTHING,
                    c -> "the feature compatibility version is " + c.target()
                            + " on every member, which fits the program " + c.version()),
            new DecisionRule<>(
                    DecisionCode.UPGRADE_READY,
                    "every server runs the same program, and the feature compatibility version is older",
                    c -> true,
                    c -> RoleChangeDecision.GO,
                    c -> "all " + c.servers() + " servers run " + c.version()
                            + ". This is the point of no return: afterwards only a restore of an older backup returns"
                            + " to programs of an older release"));

    private FinishDecision() {}

    private static String command(FinishFacts facts) {
        return "holdfast upgrade " + facts.cluster() + " --finish";
    }

    private static DecisionRule<FinishFacts, RoleChangeDecision> refuse(
            DecisionCode code,
            ExitCode exit,
            String when,
            Predicate<FinishFacts> holds,
            Function<FinishFacts, String> because,
            Function<FinishFacts, String> hint) {
        return new DecisionRule<>(code, when, holds, c -> RoleChangeDecision.refused(exit, hint.apply(c)), because);
    }
}
