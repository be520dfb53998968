package dev.holdfast.postgres.lint;

import dev.holdfast.lint.LintRule;
import dev.holdfast.model.Problem;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.List;

/** Advice about a generated passphrase: the loss of the machine that runs Holdfast makes the encrypted backups unreadable. */
public final class PassphraseOnlyInState implements LintRule {

    @Override
    public String id() {
        return "postgres-passphrase-only-in-state";
    }

    @Override
    public void judge(Topology topology, List<Problem> found) {
        topology.clusters().stream()
                .filter(PostgresCluster.class::isInstance)
                .map(PostgresCluster.class::cast)
                .filter(c ->
                        c.passphrase().filter(s -> isGenerated(topology, s)).isPresent())
                .forEach(c -> found.add(Problem.warn(
                        topology.place("/clusters/" + c.name() + "/backup/encryption"),
                        "the passphrase that encrypts the backups of " + c.name()
                                + " is generated: without the state directory of this machine, no backup can be read",
                        "keep a copy elsewhere: holdfast backup escrow " + c.name()
                                + "; or name its source: encryption: file:/PATH or env:NAME")));
    }

    private static boolean isGenerated(Topology topology, SecretRef secret) {
        SecretRef.Source source = topology.secrets().get(secret.name());
        return source == null || source instanceof SecretRef.Source.Generated;
    }
}
