package dev.holdfast.postgres.topology;

import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.Script;

/** The roles with which Holdfast logs in, and the passwords that its scripts get. */
public final class PostgresCredentials {

    private PostgresCredentials() {}

    public static Credentials admin(PostgresCluster cluster) {
        return new Credentials(PostgresCluster.ADMIN, cluster.adminPassword(), "");
    }

    public static Script withPasswords(PostgresCluster cluster, Script script) {
        return script.with("replicator", PostgresCluster.REPLICATION)
                .with("rewinder", PostgresCluster.REWIND)
                .with("replication", cluster.replicationPassword())
                .with("rewind", cluster.rewindPassword());
    }
}
