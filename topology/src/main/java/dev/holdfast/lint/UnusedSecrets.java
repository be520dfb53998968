package dev.holdfast.lint;

import dev.holdfast.engine.Nearest;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Secret;
import dev.holdfast.model.Topology;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A source for a secret that nobody asks for is perhaps a slip of the pen: the real one would be generated. */
public final class UnusedSecrets implements Rule {

    @Override
    public void judge(Topology topology, List<Problem> found) {
        Set<String> used = new TreeSet<>();
        for (Cluster cluster : topology.clusters()) {
            for (Secret secret : cluster.secrets()) {
                used.add(secret.name());
            }
        }
        for (String name : topology.secrets().keySet()) {
            if (!used.contains(name)) {
                found.add(Problem.warn(
                        topology.place("/secrets/" + name),
                        "no cluster asks for the secret " + name,
                        Nearest.hint(name, used, "the secrets are: ")));
            }
        }
    }
}
