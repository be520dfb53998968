package dev.holdfast.mongodb.topology;

import static dev.holdfast.config.ConfigSchema.either;
import static dev.holdfast.config.ConfigSchema.key;
import static dev.holdfast.config.ConfigSchema.listOf;
import static dev.holdfast.config.ConfigSchema.must;
import static dev.holdfast.config.ConfigSchema.named;
import static dev.holdfast.config.ConfigSchema.text;
import static dev.holdfast.config.ConfigSchema.words;

import dev.holdfast.config.ConfigSchema;
import dev.holdfast.config.TextFormat;

/** The keys of a MongoDB cluster in the topology file. */
public final class ClusterSchema {

    private static final ConfigSchema.Key ELECTION = key(
            "electionTimeout",
            ConfigSchema.SPAN,
            "How long the members miss a primary before an election; default 10s.");
    private static final ConfigSchema.Key HEARTBEAT =
            key("heartbeat", ConfigSchema.SPAN, "How often members send heartbeats to each other; default 2s.");
    private static final ConfigSchema.Key OPLOG =
            key("oplogSize", ConfigSchema.SIZE, "The size of the oplog; default: the server's own choice.");
    private static final ConfigSchema.Key PORT =
            key("port", ConfigSchema.PORT, "The TCP port; default: the usual port, or the next free one.");
    private static final ConfigSchema.Key DIRECTORY =
            key("directory", text(TextFormat.FOLDER), "The absolute directory on the host for this node only.");
    private static final ConfigSchema.Key HOST = must("host", ConfigSchema.HOST, "The host that it runs on.");

    private ClusterSchema() {}

    public static ConfigSchema.ObjectOf keys() {
        return servers()
                .plus(clients())
                .plus(ConfigSchema.keys(
                        key(
                                "binaries",
                                text(TextFormat.FOLDER),
                                "The directory of mongod and mongos on the hosts; default: Holdfast searches for it."),
                        key("backup", backup(), "The backups of the cluster."),
                        key(
                                "schema",
                                either(text(TextFormat.FILE), listOf(text(TextFormat.FILE))),
                                "The file that declares collections, validators, indexes and shard keys.")));
    }

    private static ConfigSchema.ObjectOf servers() {
        return ConfigSchema.keys(
                key("configServers", set(), "The config server replica set of a sharded cluster."),
                key(
                        "shards",
                        new ConfigSchema.MapOf(text(TextFormat.NAME), set(), 1),
                        "The shards by name, each a replica set of that name."),
                key(
                        "replicaSet",
                        set(),
                        "The members of a single replica set, instead of configServers, shards and routers."),
                key(
                        "routers",
                        listOf(either(ConfigSchema.HOST, ConfigSchema.keys(HOST, PORT, DIRECTORY))),
                        "The mongos that clients connect to."),
                key("balancer", ConfigSchema.FLAG, "Whether the balancer moves chunks; default true."),
                ELECTION,
                HEARTBEAT,
                OPLOG,
                key(
                        "settings",
                        ConfigSchema.SETTINGS,
                        "mongod configuration by the keys of its configuration file, dotted or nested."));
    }

    private static ConfigSchema.ObjectOf clients() {
        return ConfigSchema.keys(
                key(
                        "defaults",
                        ConfigSchema.keys(
                                key(
                                        "writeConcern",
                                        concern(),
                                        "The write concern of writes that name none; default majority."),
                                key(
                                        "readConcern",
                                        words("local", "available", "majority"),
                                        "The read concern of reads that name none; default local.")),
                        "The cluster-wide default read and write concern."),
                key(
                        "writeConcerns",
                        named(TextFormat.COLLECTION, concern()),
                        "Write concerns that clients use, by the name of a collection."),
                key(
                        "readConcerns",
                        named(TextFormat.NAME, words("local", "available", "majority", "linearizable", "snapshot")),
                        "Read concerns that clients use, by the name of a collection."),
                key(
                        "users",
                        named(
                                TextFormat.ACCOUNT,
                                ConfigSchema.keys(
                                        key(
                                                "password",
                                                text(TextFormat.SECRET),
                                                "A reference to the password; default: a generated password."),
                                        key(
                                                "roles",
                                                listOf(text(TextFormat.ROLE)),
                                                "The roles as role@database; without a database, a role of admin."))),
                        "The database users that must exist, by name."));
    }

    private static ConfigSchema set() {
        return either(
                listOf(either(ConfigSchema.HOST, member())),
                ConfigSchema.keys(
                        must(
                                "members",
                                listOf(either(ConfigSchema.HOST, member())),
                                "The members, as host names or in full."),
                        key(
                                "name",
                                text(TextFormat.NAME),
                                "The replica set's name; not for shards, whose name is their key."),
                        ELECTION,
                        HEARTBEAT,
                        OPLOG));
    }

    private static ConfigSchema.ObjectOf member() {
        return ConfigSchema.keys(
                HOST,
                PORT,
                DIRECTORY,
                key(
                        "priority",
                        new ConfigSchema.Decimal(0, 1000),
                        "The priority in elections, 0 for never primary; default 1."),
                key("votes", new ConfigSchema.Int(0, 1), "The number of votes in elections, 0 or 1; default 1."),
                key("hidden", ConfigSchema.FLAG, "Whether the member is hidden from clients; it then has priority 0."),
                key("delay", ConfigSchema.SPAN, "The delay of replication to this member; it then has priority 0."),
                key("arbiter", ConfigSchema.FLAG, "Whether the member is an arbiter: it votes and has no data."),
                key(
                        "tags",
                        named(TextFormat.NAME, text(TextFormat.LINE)),
                        "The tags by which read preferences and write concerns select members."));
    }

    private static ConfigSchema concern() {
        ConfigSchema w = either(words("majority"), new ConfigSchema.Int(1, 50));
        return either(
                words("majority"),
                new ConfigSchema.Int(1, 50),
                ConfigSchema.keys(
                        must("w", w, "The number of members that acknowledge, or majority."),
                        key("j", ConfigSchema.FLAG, "Whether the write must be in the journal on disk."),
                        key(
                                "wtimeout",
                                ConfigSchema.SPAN,
                                "How long a write waits for acknowledgement; default: without limit.")));
    }

    private static ConfigSchema.ObjectOf backup() {
        ConfigSchema often = either(words("hourly", "daily", "weekly"), ConfigSchema.SPAN);
        return ConfigSchema.keys(
                key("base", often, "The interval of base backups."),
                key(
                        "oplogEvery",
                        ConfigSchema.SPAN,
                        "The interval of the oplog archive: the greatest loss if all members are lost."),
                key(
                        "repository",
                        text(TextFormat.FOLDER),
                        "The absolute directory for backups; default: the directory backup next to the estate's directory."),
                key("keep", ConfigSchema.SPAN, "How long backups are kept; default: without limit."));
    }
}
