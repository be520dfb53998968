package dev.holdfast.model;

/**
 * One server process.
 *
 * @param cluster the cluster it belongs to
 * @param group the group inside the cluster: a shard, the config servers, the routers, a PostgreSQL group, the proxies
 * @param name its name inside the group: its host's name, with -2, -3 when a host carries several of one group
 * @param kind which program it runs
 * @param host the machine it runs on
 * @param port the TCP port it listens on, at its host's address
 * @param directory absolute folder on the host that is this node's alone (configuration, data, log, run)
 */
public record Node(String cluster, String group, String name, Kind kind, Host host, int port, String directory) {

    /** The programs that Holdfast runs. */
    public enum Kind {
        MONGOD,
        MONGOS,
        POSTGRES,
        HAPROXY,
        PGBOUNCER,
        PGBACKREST
    }

    /** Unique in the estate, as users type it: {@code social/shard-a/a1}. */
    public String id() {
        return cluster + "/" + group + "/" + name;
    }

    /** {@code address:port}, as databases and clients name it. */
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
