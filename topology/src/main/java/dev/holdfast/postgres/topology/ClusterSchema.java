package dev.holdfast.postgres.topology;

import static dev.holdfast.config.ConfigSchema.either;
import static dev.holdfast.config.ConfigSchema.key;
import static dev.holdfast.config.ConfigSchema.listOf;
import static dev.holdfast.config.ConfigSchema.must;
import static dev.holdfast.config.ConfigSchema.text;
import static dev.holdfast.config.ConfigSchema.words;

import dev.holdfast.config.ChangeKind;
import dev.holdfast.config.CommonKeys;
import dev.holdfast.config.ConfigSchema;
import dev.holdfast.config.TextFormat;

/** The keys of a PostgreSQL cluster in the topology file. */
public final class ClusterSchema {

    private static final ConfigSchema.Key PORT = key(
                    "port", ConfigSchema.PORT, "The TCP port; the default port, or the next free one, when not given.")
            .by(
                    ChangeKind.REFUSED,
                    "For a standby: stop the server, then apply starts it on the new port. For the primary: switch over first.");
    private static final ConfigSchema.Key HOST = must("host", ConfigSchema.HOST, "The host of the node.")
            .by(
                    ChangeKind.REPLACEMENT,
                    "The member on the new host copies the data. The former member is reported until it is stopped. A proxy is started.");

    private ClusterSchema() {}

    public static ConfigSchema.ObjectOf keys() {
        return servers()
                .plus(ConfigSchema.keys(
                        key(
                                        "database",
                                        text(TextFormat.DATABASE),
                                        "The database for applications; the cluster's name when not given.")
                                .by(ChangeKind.LIVE, "The new database is created. The former one stays."),
                        key("settings", ConfigSchema.SETTINGS, "postgresql.conf parameters by name.")
                                .by(
                                        ChangeKind.ROLLING,
                                        "Parameters that a running server accepts are reloaded. The others restart the standbys first, the primary last."),
                        CommonKeys.users(
                                TextFormat.ACCOUNT,
                                "Roles to be a member of, such as pg_read_all_data.",
                                "The user becomes a member of exactly these roles.",
                                "Application users that must exist, by name; in PostgreSQL a user is a role."),
                        key(
                                        "clients",
                                        listOf(text(TextFormat.NETWORK)),
                                        "Networks that may log in with a password, in addition to the hosts of the estate;"
                                                + " the networks of the servers when not given and a host is reached by SSH.")
                                .by(ChangeKind.LIVE, "pg_hba.conf is reloaded."),
                        key(
                                        "binaries",
                                        text(TextFormat.FOLDER),
                                        "Directory of the server programs on the hosts; searched when not given.")
                                .by(
                                        ChangeKind.ROLLING,
                                        "Standbys first, the primary last. The major version must stay the same."),
                        CommonKeys.version("a major version such as \"15\", or an exact one such as \"15.4\""),
                        key("backup", BackupSchema.keys(), "How backups are made.")
                                .by(
                                        ChangeKind.LIVE,
                                        "With the first repository, archiving begins. Without the key, archiving ends."),
                        CommonKeys.dictionary("The file that declares tables, keys, checks and indexes.")));
    }

    private static ConfigSchema.ObjectOf servers() {
        return ConfigSchema.keys(
                key(
                                "durability",
                                words("protect", "available", "fast"),
                                "What a commit waits for: protect (always a synchronous standby; after a role change, see afterFailover), available (a synchronous standby while one is available), fast (none)."
                                        + " A server that is started manually with -c synchronous_standby_names='' leaves no trace, so a later failover cannot detect it."
                                        + " When not given: fast without synchronous standbys; otherwise protect for an RPO of 0s, else available.")
                        .by(ChangeKind.LIVE, ""),
                key(
                                "afterFailover",
                                words("wait", "serve"),
                                "What durability protect does after a failover while too few synchronous standbys follow "
                                        + "the new primary. wait: commits wait until a synchronous standby is back. "
                                        + "serve: the new primary acknowledges commits without a synchronous standby; "
                                        + "failover announces this risk and ends with exit 5, and plan and status report "
                                        + "the risk until rejoin has returned a synchronous standby. wait when not "
                                        + "given. The same applies after a switchover until the old primary follows the "
                                        + "new one.")
                        .by(ChangeKind.NOT_ON_SERVERS, "Failover and switchover read the value."),
                key(
                                "failover",
                                words("manual", "automatic"),
                                "Who promotes a standby when the primary is lost: manual (a person, with holdfast failover),"
                                        + " or automatic (Patroni, which runs the members and holds a lock in etcd). manual when not given.")
                        .by(
                                ChangeKind.REFUSED,
                                "A running cluster is not converted. Declare the former value, or restore into a new cluster."),
                key("automatic", automatic(), "How Patroni fails over; only with failover: automatic.")
                        .by(ChangeKind.LIVE, ""),
                must(
                                "primary",
                                either(ConfigSchema.HOST, ConfigSchema.keys(HOST, PORT, CommonKeys.DIRECTORY)),
                                "The member where the cluster is created; a switchover can move the primary later.")
                        .by(
                                ChangeKind.COMMAND,
                                "Apply never moves the primary: holdfast switchover does. Lists of members are rewritten."),
                key(
                                "standbys",
                                followers(
                                        words("sync", "async"),
                                        key(
                                                        "mode",
                                                        words("sync", "async"),
                                                        "Whether commits can wait for this standby (sync) or not "
                                                                + "(async); sync when not given.")
                                                .by(ChangeKind.LIVE, "")),
                                "Servers that follow and can be promoted; commits wait for the sync ones.")
                        .by(
                                ChangeKind.REPLACEMENT,
                                "A new standby copies the primary. A removed standby is reported until it is stopped."),
                key(
                                "dr",
                                followers(
                                        words("async"),
                                        key(
                                                        "mode",
                                                        words("async"),
                                                        "Disaster-recovery copies always follow asynchronously.")
                                                .by(ChangeKind.NOT_ON_SERVERS, "There is one value.")),
                                "Disaster-recovery copies. Holdfast promotes such a copy only when the operator names it.")
                        .by(
                                ChangeKind.REPLACEMENT,
                                "A new copy is made of the primary. A removed copy is reported until it is stopped."),
                key(
                                "synchronous",
                                text(TextFormat.SYNCHRONOUS),
                                "How many synchronous standbys a commit waits for: FIRST n in their order, or ANY n; FIRST 1 when not given.")
                        .by(ChangeKind.LIVE, ""),
                key(
                                "proxy",
                                listOf(either(ConfigSchema.HOST, proxy())),
                                "The proxies for clients: HAProxy, or PgBouncer where kind is pgbouncer.")
                        .by(
                                ChangeKind.REPLACEMENT,
                                "A new proxy starts before routes move to it. A removed proxy is reported until it is stopped."));
    }

    private static ConfigSchema.ObjectOf automatic() {
        return ConfigSchema.keys(
                key(
                                "ttl",
                                ConfigSchema.SPAN,
                                "How long the leader lock lasts without a renewal: the longest time until a lost primary "
                                        + "is noticed. When not given: 30s, or half of an RTO below 1m, but at least 10s.")
                        .by(ChangeKind.LIVE, ""),
                key(
                                "loopWait",
                                ConfigSchema.SPAN,
                                "The interval at which Patroni observes the cluster and renews the lock; 10s, or 2s with "
                                        + "a ttl below 30s, when not given.")
                        .by(ChangeKind.LIVE, ""),
                key(
                                "retryTimeout",
                                ConfigSchema.SPAN,
                                "How long Patroni retries etcd and PostgreSQL before it gives up; as long as ttl allows, at most 10s,"
                                        + " when not given. loopWait + 2 x retryTimeout must not exceed ttl.")
                        .by(ChangeKind.LIVE, ""),
                key(
                                "maximumLag",
                                ConfigSchema.SIZE,
                                "The WAL that a candidate may lack where commits wait for no standby; 1MB when not given.")
                        .by(ChangeKind.LIVE, ""),
                key("dcs", store(), "Where the leader lock is kept.")
                        .by(ChangeKind.REFUSED, "The etcd servers of a running cluster do not change."),
                key(
                                "restPort",
                                ConfigSchema.PORT,
                                "The port of Patroni's REST API on the members' hosts; 8008 or the next free one when not given.")
                        .by(ChangeKind.LIVE, "Patroni reads its new configuration; the servers keep running."),
                key(
                                "watchdog",
                                words("off", "automatic", "required"),
                                "Whether the device /dev/watchdog resets a host whose Patroni stops: off, automatic (where the host has"
                                        + " the device), or required (only members with the device become primary). off when not given.")
                        .by(ChangeKind.LIVE, "Patroni reads its new configuration; the servers keep running."));
    }

    private static ConfigSchema.ObjectOf store() {
        return ConfigSchema.keys(
                must(
                                "etcd",
                                either(
                                        words("external"),
                                        listOf(either(
                                                ConfigSchema.HOST,
                                                ConfigSchema.keys(
                                                        HOST,
                                                        key(
                                                                        "port",
                                                                        ConfigSchema.PORT,
                                                                        "The port for clients; 2379 or the next free one when not given.")
                                                                .by(
                                                                        ChangeKind.REFUSED,
                                                                        "The etcd servers of a running cluster do not change."),
                                                        key(
                                                                        "peerPort",
                                                                        ConfigSchema.PORT,
                                                                        "The port for the other etcd servers; 2380 or the next free one when not given.")
                                                                .by(
                                                                        ChangeKind.REFUSED,
                                                                        "The etcd servers of a running cluster do not change."),
                                                        CommonKeys.DIRECTORY)))),
                                "The hosts of the etcd servers that Holdfast runs, an odd number in different zones; or external, for an"
                                        + " etcd that Holdfast uses and does not run.")
                        .by(ChangeKind.REFUSED, "The etcd servers of a running cluster do not change."),
                key("endpoints", listOf(text(TextFormat.LINE)), "The endpoints of an external etcd, as ADDRESS:PORT.")
                        .by(ChangeKind.LIVE, "Patroni reads its new configuration; the servers keep running."),
                key("user", text(TextFormat.ACCOUNT), "The user of an external etcd; no login when not given.")
                        .by(ChangeKind.LIVE, "Patroni reads its new configuration; the servers keep running."),
                key(
                                "password",
                                text(TextFormat.SECRET),
                                "A reference to the password of that user; the secret CLUSTER/etcd when not given.")
                        .by(ChangeKind.LIVE, "Patroni reads its new configuration; the servers keep running."));
    }

    /** A map by host, with only the mode or all keys; or a list. */
    private static ConfigSchema followers(ConfigSchema modes, ConfigSchema.Key mode) {
        ConfigSchema.ObjectOf full = ConfigSchema.keys(mode, PORT, CommonKeys.DIRECTORY);
        return either(
                new ConfigSchema.MapOf(ConfigSchema.HOST, either(modes, full), 1),
                listOf(either(ConfigSchema.HOST, ConfigSchema.keys(HOST).plus(full))));
    }

    private static ConfigSchema.ObjectOf proxy() {
        return ConfigSchema.keys(
                HOST,
                key(
                                "kind",
                                words("haproxy", "pgbouncer"),
                                "haproxy forwards sessions; pgbouncer pools transactions, and its clients wait during a role change."
                                        + " haproxy when not given.")
                        .by(
                                ChangeKind.REPLACEMENT,
                                "The new kind starts with a port of its own. The former proxy is reported until it is stopped."),
                key(
                                "port",
                                ConfigSchema.PORT,
                                "The write port, to the primary only; 5000, for pgbouncer 6432, or the next free one when not given.")
                        .by(ChangeKind.REPLACEMENT, "The process of the proxy is replaced: sessions end."),
                key(
                                "readPort",
                                ConfigSchema.PORT,
                                "The read port of an HAProxy, to healthy standbys; 5001 or the next free one when not given.")
                        .by(ChangeKind.REPLACEMENT, "The process of the proxy is replaced: sessions end."),
                CommonKeys.DIRECTORY);
    }
}
