package dev.holdfast.mongodb.topology;

import dev.holdfast.execution.Credentials;

/** Who Holdfast is in the servers of one cluster. */
public record MongoCredentials(MongoCluster cluster) {

    /** The administrator, once it was made. */
    public Credentials admin() {
        return new Credentials(MongoCluster.ADMIN, cluster.adminPassword(), "admin");
    }

    /**
     * The servers' own account: whoever holds the key file is one of them. It is there before a set is initiated, so no
     * server ever needs to trust a connection for being local.
     */
    public Credentials member() {
        return new Credentials("__system", cluster.keyFile(), "local");
    }

    public Credentials of(MongoCluster.User user) {
        return new Credentials(user.name(), user.password(), "admin");
    }
}
