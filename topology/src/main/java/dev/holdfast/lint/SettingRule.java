package dev.holdfast.lint;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import java.util.List;
import java.util.function.Predicate;

/**
 * A rule about one setting of the servers of an engine. A finding never shows the value, which can come from outside the file.
 *
 * @param engine the engine's name in the topology file
 * @param setting the servers' own name of the setting
 * @param isWrong whether a declared value, as text, is advised against
 * @param consequence what the value leads to, as the end of a sentence
 */
public record SettingRule(
        String id, String engine, String setting, Predicate<String> isWrong, String consequence, String hint)
        implements LintRule {

    @Override
    public void judge(Topology topology, List<Problem> found) {
        for (Cluster cluster : topology.clusters()) {
            Object value = cluster.engine().equals(engine) ? cluster.settings().get(setting) : null;
            if (value != null && isWrong.test(String.valueOf(value))) {
                new Findings(topology, cluster.name(), found)
                        .warnOfSetting(
                                setting,
                                "the value of " + setting + " of " + cluster.name() + " is advised against: "
                                        + consequence,
                                hint);
            }
        }
    }
}
