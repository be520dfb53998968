package dev.holdfast.postgres.lint;

import dev.holdfast.lint.Findings;
import dev.holdfast.lint.LintRule;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.List;

/** The rule about values that a parameter does not accept: a server does not start with them, and a reload ignores them. */
final class SettingValueRule implements LintRule {

    @Override
    public String id() {
        return "postgres-refused-value";
    }

    @Override
    public void judge(Topology topology, List<Problem> found) {
        topology.clusters().stream()
                .filter(PostgresCluster.class::isInstance)
                .map(PostgresCluster.class::cast)
                .forEach(c -> c.settings()
                        .forEach((name, value) -> ParameterTypes.refusal(name, value)
                                .ifPresent(accepted -> new Findings(topology, c.name(), found)
                                        .warnOfSetting(
                                                name,
                                                "PostgreSQL refuses the value of " + name + ", which accepts "
                                                        + accepted,
                                                "correct the value; a server does not start with it"))));
    }
}
