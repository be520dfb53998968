package dev.holdfast.postgres.topology;

import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.Script;
import dev.holdfast.model.SecretRef;
import java.util.LinkedHashMap;
import java.util.Map;

/** The roles with which Holdfast logs in, and the passwords that its scripts get. */
public final class PostgresCredentials {

    private PostgresCredentials() {}

    public static Credentials admin(PostgresCluster cluster) {
        return new Credentials(PostgresCluster.ADMIN, cluster.adminPassword(), "");
    }

    /** Returns the desired passwords by role, of servers, proxies and applications; not of the administrator. */
    public static Map<String, SecretRef> ofRoles(PostgresCluster cluster) {
        Map<String, SecretRef> passwords = new LinkedHashMap<>();
        passwords.put(PostgresCluster.REPLICATION, cluster.replicationPassword());
        passwords.put(PostgresCluster.REWIND, cluster.rewindPassword());
        if (!cluster.poolers().isEmpty()) {
            passwords.put(PostgresCluster.POOLER, cluster.poolerPassword());
        }
        cluster.users().forEach(u -> passwords.put(u.name(), u.password()));
        return passwords;
    }

    public static Script withPasswords(PostgresCluster cluster, Script script) {
        return script.with("replicator", PostgresCluster.REPLICATION)
                .with("rewinder", PostgresCluster.REWIND)
                .with("replication", cluster.replicationPassword())
                .with("rewind", cluster.rewindPassword());
    }
}
