package dev.holdfast.mongodb;

import dev.holdfast.world.Login;

/** Who Holdfast is in the servers of one cluster. */
record MongoLogins(MongoCluster cluster) {

    /** The administrator, once it was made. */
    Login admin() {
        return new Login(MongoCluster.ADMIN, cluster.adminPassword(), "admin");
    }

    /**
     * The servers' own account: whoever holds the key file is one of them. It is there before a set is initiated, so no
     * server ever needs to trust a connection for being local.
     */
    Login member() {
        return new Login("__system", cluster.keyFile(), "local");
    }

    Login of(MongoCluster.User user) {
        return new Login(user.name(), user.password(), "admin");
    }
}
