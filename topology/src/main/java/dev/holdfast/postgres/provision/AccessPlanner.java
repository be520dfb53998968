package dev.holdfast.postgres.provision;

import dev.holdfast.model.Topology;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.configuration.ConfigurationDiff;
import dev.holdfast.postgres.configuration.HbaRules;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * The stage that restores {@code pg_hba.conf} of running members that reject Holdfast's login. The file is read and written on
 * the host, because no statement reaches such a server. {@link ConfigurationPlanner} compares it on all other members.
 */
final class AccessPlanner {

    private static final Duration MOMENT = Duration.ofSeconds(30);
    private static final String FILE = "pg_hba.conf";

    private final List<String> rules;
    private final MemberActions actions;
    private final MemberConditions until;

    AccessPlanner(Topology topology, PostgresCluster cluster, MemberActions actions, MemberConditions until) {
        this.rules = HbaRules.rules(topology, cluster);
        this.actions = actions;
        this.until = until;
    }

    Plan plan(PostgresState state) {
        return Plan.of(state.members().stream()
                .filter(m -> !m.isOutOfReach() && m.rejectsLogin())
                .filter(m -> !differences(m).isEmpty())
                .map(this::restored)
                .toList());
    }

    private List<String> differences(MemberState member) {
        return ConfigurationDiff.ofLines(FILE, member.disk().files().getOrDefault(FILE, List.of()), rules);
    }

    private Step restored(MemberState member) {
        Function<MemberState, String> observed = m -> m.isUp() ? m.name() + " answers" : m.silence();
        return Step.on(member.node().id(), "Restore " + FILE + " of " + member.name())
                .because(ConfigurationDiff.description(differences(member)) + "; " + member.name()
                        + " rejects the login of Holdfast")
                .type(actions.access(member.node()))
                .until(
                        until.member(
                                member.member(),
                                member.name() + " accepts the login of Holdfast",
                                m -> m.isUp() && differences(m).isEmpty(),
                                observed),
                        MOMENT);
    }
}
