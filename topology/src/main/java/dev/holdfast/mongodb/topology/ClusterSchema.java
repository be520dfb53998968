package dev.holdfast.mongodb.topology;

import static dev.holdfast.config.ConfigSchema.either;
import static dev.holdfast.config.ConfigSchema.key;
import static dev.holdfast.config.ConfigSchema.listOf;
import static dev.holdfast.config.ConfigSchema.must;
import static dev.holdfast.config.ConfigSchema.named;
import static dev.holdfast.config.ConfigSchema.text;
import static dev.holdfast.config.ConfigSchema.words;

import dev.holdfast.config.ChangeKind;
import dev.holdfast.config.CommonKeys;
import dev.holdfast.config.ConfigSchema;
import dev.holdfast.config.TextFormat;

/** The keys of a MongoDB cluster in the topology file. */
public final class ClusterSchema {

    private static final ConfigSchema.Key ELECTION = key(
                    "electionTimeout",
                    ConfigSchema.SPAN,
                    "How long the members miss a primary before an election; default 10s.")
            .by(ChangeKind.LIVE, "One reconfiguration.");
    private static final ConfigSchema.Key HEARTBEAT = key(
                    "heartbeat", ConfigSchema.SPAN, "How often members send heartbeats to each other; default 2s.")
            .by(ChangeKind.LIVE, "One reconfiguration.");
    private static final ConfigSchema.Key OPLOG = key(
                    "oplogSize", ConfigSchema.SIZE, "The size of the oplog; default: the server's own choice.")
            .by(ChangeKind.LIVE, "From 990MB. When the key is removed, the size stays.");
    private static final ConfigSchema.Key PORT = key(
                    "port", ConfigSchema.PORT, "The TCP port; default: the usual port, or the next free one.")
            .by(ChangeKind.REFUSED, "Replace the member: remove it, apply, declare it with the new port, apply.");
    private static final ConfigSchema.Key HOST = must("host", ConfigSchema.HOST, "The host of the node.")
            .by(
                    ChangeKind.REPLACEMENT,
                    "The new member joins with all data, then the former member leaves and stops. If the former member "
                            + "was primary: one election.");

    private ClusterSchema() {}

    public static ConfigSchema.ObjectOf keys() {
        return servers()
                .plus(clients())
                .plus(ConfigSchema.keys(
                        key(
                                        "binaries",
                                        text(TextFormat.FOLDER),
                                        "The directory of mongod and mongos on the hosts; default: Holdfast searches for it.")
                                .by(
                                        ChangeKind.ROLLING,
                                        "Config servers, shards, routers; the balancer is off. Per replica set: secondaries,"
                                                + " one election, the former primary. Then upgrade --finish."),
                        CommonKeys.version("a release such as \"8.2\", or an exact one such as \"8.2.1\""),
                        key("backup", backup(), "The backups of the cluster.").by(ChangeKind.NOT_ON_SERVERS, ""),
                        CommonKeys.dictionary(
                                "The file that declares collections, validators, indexes and shard keys.")));
    }

    private static ConfigSchema.ObjectOf servers() {
        return ConfigSchema.keys(
                key("configServers", set(), "The config server replica set of a sharded cluster.")
                        .by(
                                ChangeKind.ROLLING,
                                "Members join and leave one by one; the primary leaves last, with one election. Routers then restart."),
                key(
                                "shards",
                                new ConfigSchema.MapOf(text(TextFormat.NAME), set(), 1),
                                "The shards by name, each a replica set of that name.")
                        .by(
                                ChangeKind.LIVE,
                                "A new shard is added. The removal of a shard is refused until the shard is drained. A "
                                        + "shard keeps its name."),
                key(
                                "replicaSet",
                                set(),
                                "The members of a single replica set, instead of configServers, shards and routers.")
                        .by(
                                ChangeKind.LIVE,
                                "Members join and leave one by one; the primary leaves last, with one election."),
                key(
                                "routers",
                                listOf(either(
                                        ConfigSchema.HOST,
                                        ConfigSchema.keys(
                                                HOST,
                                                PORT.by(ChangeKind.ROLLING, "The router restarts on the new port."),
                                                CommonKeys.DIRECTORY))),
                                "The mongos that clients connect to.")
                        .by(ChangeKind.LIVE, "A new router starts; a removed one stops."),
                key("balancer", ConfigSchema.FLAG, "Whether the balancer moves chunks; default true.")
                        .by(ChangeKind.LIVE, ""),
                ELECTION,
                HEARTBEAT,
                OPLOG,
                key(
                                "settings",
                                ConfigSchema.SETTINGS,
                                "mongod configuration by the keys of its configuration file, dotted or nested.")
                        .by(
                                ChangeKind.ROLLING,
                                "Parameters that a running server accepts are set live. The others restart one server after another, with one election per set."));
    }

    private static ConfigSchema.ObjectOf clients() {
        return ConfigSchema.keys(
                key(
                                "defaults",
                                ConfigSchema.keys(
                                        key(
                                                        "writeConcern",
                                                        concern(ChangeKind.LIVE),
                                                        "The write concern of writes that name none; default majority.")
                                                .by(ChangeKind.LIVE, ""),
                                        key(
                                                        "readConcern",
                                                        words("local", "available", "majority"),
                                                        "The read concern of reads that name none; default local.")
                                                .by(ChangeKind.LIVE, "")),
                                "The cluster-wide default read and write concern.")
                        .by(ChangeKind.LIVE, "New writes and reads use the new default at once."),
                key(
                                "writeConcerns",
                                named(TextFormat.COLLECTION, concern(ChangeKind.NOT_ON_SERVERS)),
                                "Write concerns that clients use, by the name of a collection.")
                        .by(ChangeKind.NOT_ON_SERVERS, "Clients use them. Holdfast only prints them, with status."),
                key(
                                "readConcerns",
                                named(
                                        TextFormat.NAME,
                                        words("local", "available", "majority", "linearizable", "snapshot")),
                                "Read concerns that clients use, by the name of a collection.")
                        .by(ChangeKind.NOT_ON_SERVERS, "Clients use them. Holdfast only prints them, with status."),
                CommonKeys.users(
                        TextFormat.ROLE,
                        "The roles as role@database; without a database, a role of admin.",
                        "The user gets exactly these roles.",
                        "The database users that must exist, by name."));
    }

    private static ConfigSchema set() {
        return either(
                listOf(either(ConfigSchema.HOST, member())),
                ConfigSchema.keys(
                        must(
                                        "members",
                                        listOf(either(ConfigSchema.HOST, member())),
                                        "The members, as host names or in full.")
                                .by(
                                        ChangeKind.LIVE,
                                        "Members join and leave one by one; the primary leaves last, with one election."),
                        key(
                                        "name",
                                        text(TextFormat.NAME),
                                        "The replica set's name; not for shards, whose name is their key.")
                                .by(
                                        ChangeKind.REFUSED,
                                        "A set keeps its name. Declare the former name again, or restore into a new cluster."),
                        ELECTION,
                        HEARTBEAT,
                        OPLOG));
    }

    private static ConfigSchema.ObjectOf member() {
        return ConfigSchema.keys(
                HOST,
                PORT,
                CommonKeys.DIRECTORY,
                key(
                                "priority",
                                new ConfigSchema.Decimal(0, 1000),
                                "The priority in elections, 0 for never primary; default 1.")
                        .by(
                                ChangeKind.LIVE,
                                "If the primary no longer has the highest priority: one election, which plan announces."),
                key("votes", new ConfigSchema.Int(0, 1), "The number of votes in elections, 0 or 1; default 1.")
                        .by(
                                ChangeKind.LIVE,
                                "One vote per reconfiguration. The primary steps down before it loses its vote: one election."),
                key("hidden", ConfigSchema.FLAG, "Whether the member is hidden from clients; it then has priority 0.")
                        .by(ChangeKind.LIVE, "The primary steps down first: one election."),
                key("delay", ConfigSchema.SPAN, "The delay of replication to this member; it then has priority 0.")
                        .by(ChangeKind.LIVE, "The primary steps down first: one election."),
                key("arbiter", ConfigSchema.FLAG, "Whether the member is an arbiter: it votes and has no data.")
                        .by(
                                ChangeKind.REFUSED,
                                "Replace the member: remove it, apply, declare it as arbiter with another directory, apply. The way back is the same."),
                key(
                                "tags",
                                named(TextFormat.NAME, text(TextFormat.LINE)),
                                "The tags by which read preferences and write concerns select members.")
                        .by(ChangeKind.LIVE, "One reconfiguration."));
    }

    private static ConfigSchema concern(ChangeKind change) {
        ConfigSchema w = either(words("majority"), new ConfigSchema.Int(1, 50));
        return either(
                words("majority"),
                new ConfigSchema.Int(1, 50),
                ConfigSchema.keys(
                        must("w", w, "The number of members that acknowledge, or majority.")
                                .by(change, ""),
                        key("j", ConfigSchema.FLAG, "Whether the write must be in the journal on disk.")
                                .by(change, ""),
                        key(
                                        "wtimeout",
                                        ConfigSchema.SPAN,
                                        "How long a write waits for acknowledgement; default: without limit.")
                                .by(change, "")));
    }

    private static ConfigSchema.ObjectOf backup() {
        return ConfigSchema.keys(
                key("base", CommonKeys.INTERVAL, "The interval of base backups.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                key(
                                "oplogEvery",
                                ConfigSchema.SPAN,
                                "The interval of the oplog archive: the greatest loss if all members are lost.")
                        .by(
                                ChangeKind.NOT_ON_SERVERS,
                                "The archiver reads the value at its start: restart the archiver's unit."),
                key(
                                "repository",
                                text(TextFormat.FOLDER),
                                "The absolute directory for backups; default: the directory backup next to the estate's directory.")
                        .by(
                                ChangeKind.NOT_ON_SERVERS,
                                "The next base backup begins the new repository. Restart the archiver's unit."),
                CommonKeys.retention(ChangeKind.NOT_ON_SERVERS));
    }
}
