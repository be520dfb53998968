package dev.holdfast.model;

/**
 * One declared server process.
 *
 * @param cluster the cluster that it belongs to
 * @param group the group inside the cluster: a shard, the config servers, the routers, a PostgreSQL group, the proxies
 * @param name its name inside the group: its host's name, with -2, -3 if a host runs several of one group
 * @param kind the program that it runs
 * @param host the host that it runs on
 * @param port the TCP port at its host's address
 * @param directory the absolute directory on the host for this node only (configuration, data, log, run)
 */
public record Node(String cluster, String group, String name, Kind kind, Host host, int port, String directory) {

    /** The programs that Holdfast runs. */
    public enum Kind {
        MONGOD,
        MONGOS,
        POSTGRES,
        HAPROXY,
        PGBOUNCER,
        PGBACKREST,
        ETCD
    }

    /** Returns the name that is unique in the estate, as in commands: {@code social/shard-a/a1}. */
    public String id() {
        return cluster + "/" + group + "/" + name;
    }

    /** Returns {@code address:port}, as in connection strings. */
    public String endpoint() {
        return host.address() + ":" + port;
    }

    public String data() {
        return directory + "/data";
    }

    public String log() {
        return directory + "/log";
    }

    public String run() {
        return directory + "/run";
    }
}
