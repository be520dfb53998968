package dev.holdfast.lint.rules;

import dev.holdfast.config.Suggestion;
import dev.holdfast.lint.LintRule;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The rule about secrets that no cluster uses: the name can be misspelt, and Holdfast would generate another secret. */
public final class UnusedSecrets implements LintRule {

    @Override
    public String id() {
        return "unused-secret";
    }

    @Override
    public void judge(Topology topology, List<Problem> found) {
        Set<String> used = new TreeSet<>();
        for (Cluster cluster : topology.clusters()) {
            for (SecretRef secret : cluster.secrets()) {
                used.add(secret.name());
            }
        }
        for (String name : topology.secrets().keySet()) {
            if (!used.contains(name)) {
                found.add(Problem.warn(
                        topology.place("/secrets/" + name),
                        "no cluster uses the secret " + name,
                        Suggestion.hint(name, used, "the secrets are: ")));
            }
        }
    }
}
