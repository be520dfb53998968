package dev.holdfast.postgres.rolechange;

import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.ArrayList;
import java.util.List;

/** Reports the members that do not follow the new primary at the end of a role change, so that the run ends as incomplete. */
final class RemainingRedundancy {

    private RemainingRedundancy() {}

    /** @param lines why reachable members cannot follow, as sentences that start with their names */
    static Plan open(PostgresCluster cluster, PostgresState state, List<Step> steps, List<String> lines) {
        List<Refusal> missing = new ArrayList<>();
        lines.forEach(t -> missing.add(new Refusal(
                cluster.name(),
                t,
                "correct the named cause, then run holdfast status: fewer copies of commits exist " + "until then",
                ExitCode.INCOMPLETE)));
        state.others()
                .filter(MemberState::isOutOfReach)
                .forEach(m -> missing.add(new Refusal(
                        m.node().id(),
                        m.hostFacts().unknown(m.node()) + ", so " + m.name() + " does not follow",
                        m.hostFacts().isUnclear()
                                ? "holdfast rejoin " + m.node().id() + " removes the remains of an earlier server"
                                : "make the host answer, then run holdfast apply",
                        ExitCode.UNREACHABLE)));
        return new Plan(steps, List.of(), List.of(), missing);
    }

    /** Returns the members whose own rows an earlier run could not save: a person decides about them. */
    static Plan unread(PostgresState state) {
        return Plan.open(state.others()
                .filter(m -> !m.isOutOfReach())
                .flatMap(m -> m.disk().unread().stream()
                        .map(why -> new Refusal(
                                m.node().id(),
                                why,
                                "holdfast rejoin " + m.node().id() + " shows the options",
                                ExitCode.INCOMPLETE)))
                .toList());
    }
}
