package dev.holdfast.lint.rules;

import dev.holdfast.engine.VersionProblems;
import dev.holdfast.lint.LintRule;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lint rules about the versions that clusters declare, from the tables of the engines. */
public final class VersionRules {

    private VersionRules() {}

    /** @param tables what is known about the versions of each engine, by its name */
    public static List<LintRule> all(Map<String, VersionProblems> tables) {
        return List.of(new Rule("version-unknown", tables, false), new Rule("version-without-support", tables, true));
    }

    /**
     * One of both rules.
     *
     * @param isAboutSupport whether the rule finds the end of support; otherwise it finds what the tables do not contain
     */
    private record Rule(String id, Map<String, VersionProblems> tables, boolean isAboutSupport) implements LintRule {

        @Override
        public void judge(Topology topology, List<Problem> found) {
            // the day decides: see the other method
        }

        @Override
        public void judge(Topology topology, LocalDate today, List<Problem> found) {
            for (Cluster cluster : topology.clusters()) {
                VersionProblems table = tables.get(cluster.engine());
                String version = cluster.version().text();
                if (version.isEmpty() || table == null) {
                    continue;
                }
                Optional<String> what = isAboutSupport ? table.ended(version, today) : table.unknown(version);
                what.ifPresent(w -> found.add(Problem.warn(
                        topology.place("/clusters/" + cluster.name() + "/version"),
                        w,
                        isAboutSupport
                                ? "upgrade to a supported version; holdfast version lists the known ones"
                                : "compare the version with the vendor's list of releases")));
            }
        }
    }
}
