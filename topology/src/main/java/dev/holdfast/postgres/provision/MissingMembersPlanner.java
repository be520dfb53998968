package dev.holdfast.postgres.provision;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The last stage of apply for a PostgreSQL cluster: it waits for missing members with a reachable host, and names the others. */
final class MissingMembersPlanner {

    private static final Duration SERVER = Duration.ofSeconds(30);
    private static final Duration RECOVERY = Duration.ofMinutes(30);

    private final PlannedFollowers prospects;
    private final MemberConditions until;

    MissingMembersPlanner(PlannedFollowers prospects, MemberConditions until) {
        this.prospects = prospects;
        this.until = until;
    }

    Plan plan(PostgresState state) {
        List<Step> steps = new ArrayList<>();
        List<Refusal> missing = new ArrayList<>();
        state.members().stream()
                .filter(MemberState::isOutOfReach)
                .forEach(m -> missing.add(unreached(
                        m.node(),
                        m.hostFacts(),
                        m.hostTrouble(),
                        "holdfast rejoin " + m.node().id() + " removes the remains of an earlier server")));
        state.primary()
                .ifPresent(primary -> state.others().forEach(m -> {
                    boolean mayAnswer = m.isUp() || m.hostFacts().reason().isEmpty();
                    if (mayAnswer
                            && !m.isOutOfReach()
                            && !m.isDown()
                            && !state.follows(m)
                            && !prospects.isRepaired(state, m)) {
                        state.diverged(m)
                                .ifPresentOrElse(
                                        why -> missing.add(diverged(m.node(), why)),
                                        () -> steps.add(following(m, primary)));
                    }
                }));
        state.others()
                .filter(m -> !m.isOutOfReach() && !m.isDown() && m.answer().isSilent() && state.follows(m))
                .forEach(m -> missing.add(new Refusal(
                        m.node().id(),
                        "the member follows, but does not answer, so Holdfast did not compare its settings with the declaration: "
                                + m.answer().sentence(),
                        "holdfast status shows its observed state; run holdfast apply when the member answers",
                        ExitCode.UNREACHABLE)));
        state.proxies().stream()
                .filter(p -> p.hostFacts().process() == NodeAvailability.SILENT)
                .forEach(p -> missing.add(unreached(
                        p.node(),
                        p.hostFacts(),
                        p.hostFacts().reason(),
                        "end the named process, then holdfast apply")));
        return new Plan(steps, List.of(), List.of(), missing);
    }

    private static Refusal diverged(Node node, String why) {
        return new Refusal(
                node.id(),
                why,
                "holdfast rejoin " + node.id() + " preserves the WAL and rows that only this member has",
                ExitCode.INCOMPLETE);
    }

    /** @param hint for a host that answers */
    private static Refusal unreached(Node node, HostFacts hostFacts, String why, String hint) {
        return new Refusal(
                node.id(),
                hostFacts.unknown(node) + ", so this node stays unchanged: " + why.replaceFirst("^no answer: ", ""),
                hostFacts.isUnclear() ? hint : "make the host answer, then holdfast apply",
                ExitCode.UNREACHABLE);
    }

    private Step following(MemberState member, MemberState primary) {
        String because = member.isUp()
                ? member.name() + " runs, but does not receive WAL from " + primary.name()
                : "the process of " + member.name() + " exists, but: " + member.silence();
        return Step.on(member.node().id(), "Wait until " + member.name() + " follows " + primary.name())
                .because(because)
                .until(until.standbyRuns(primary.node(), member.member()), member.isStarting() ? RECOVERY : SERVER);
    }
}
