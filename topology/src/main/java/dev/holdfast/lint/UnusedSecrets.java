package dev.holdfast.lint;

import dev.holdfast.config.Suggestion;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A source for a secret that nobody asks for is perhaps a slip of the pen: the real one would be generated. */
public final class UnusedSecrets implements LintRule {

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
                        "no cluster asks for the secret " + name,
                        Suggestion.hint(name, used, "the secrets are: ")));
            }
        }
    }
}
