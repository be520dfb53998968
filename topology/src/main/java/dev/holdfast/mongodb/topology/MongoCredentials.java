package dev.holdfast.mongodb.topology;

import dev.holdfast.execution.Credentials;

/** The credentials with which Holdfast logs in to the servers of one MongoDB cluster. */
public record MongoCredentials(MongoCluster cluster) {

    /** Returns the credentials of the administrator, which works after Holdfast has created that user. */
    public Credentials admin() {
        return new Credentials(MongoCluster.ADMIN, cluster.adminPassword(), "admin");
    }

    /**
     * Returns the credentials of the servers' internal user, whose password is the key file. This user exists before a set is
     * initiated, so no server must trust local connections.
     */
    public Credentials member() {
        return new Credentials("__system", cluster.keyFile(), "local");
    }

    public Credentials of(MongoCluster.User user) {
        return new Credentials(user.name(), user.password(), "admin");
    }
}
