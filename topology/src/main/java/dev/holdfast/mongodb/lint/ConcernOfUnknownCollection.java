package dev.holdfast.mongodb.lint;

import dev.holdfast.config.Suggestion;
import dev.holdfast.lint.Findings;
import dev.holdfast.lint.LintRule;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.topology.MongoCluster;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rule about concerns for collections that the dictionary of the cluster does not have: the name is misspelt. */
final class ConcernOfUnknownCollection implements LintRule {

    @Override
    public String id() {
        return "mongodb-concern-of-unknown-collection";
    }

    @Override
    public void judge(Topology topology, List<Problem> found) {
        judge(topology, Map.of(), found);
    }

    @Override
    public void judge(Topology topology, Map<String, Set<String>> stored, List<Problem> found) {
        topology.clusters().stream()
                .filter(MongoCluster.class::isInstance)
                .map(MongoCluster.class::cast)
                .filter(c -> stored.containsKey(c.name()))
                .forEach(c -> {
                    Findings findings = new Findings(topology, c.name(), found);
                    Set<String> names = stored.get(c.name());
                    judge("/writeConcerns/", c.writeConcerns().keySet(), names, findings);
                    judge("/readConcerns/", c.options().readConcerns().keySet(), names, findings);
                });
    }

    private static void judge(String path, Set<String> declared, Set<String> names, Findings findings) {
        declared.stream()
                .filter(n -> !names.contains(n))
                .forEach(n -> findings.warn(
                        path + n,
                        "the dictionary of " + findings.cluster() + " has no collection " + n
                                + ": no client uses this concern",
                        Suggestion.to(n, names)
                                .map(near -> "did you mean \"" + near + "\"?")
                                .orElse("remove it, or declare the collection in the dictionary")));
    }
}
