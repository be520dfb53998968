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
            "How long a primary may be silent before an election; 10s when not given.");
    private static final ConfigSchema.Key HEARTBEAT =
            key("heartbeat", ConfigSchema.SPAN, "How often members ask each other; 2s when not given.");
    private static final ConfigSchema.Key OPLOG = key(
            "oplogSize",
            ConfigSchema.SIZE,
            "How much replication history is kept; the server's own choice when not given.");
    private static final ConfigSchema.Key PORT =
            key("port", ConfigSchema.PORT, "The TCP port; the usual one, or the next free, when not given.");
    private static final ConfigSchema.Key DIRECTORY =
            key("directory", text(TextFormat.FOLDER), "Absolute folder of this node alone on its host.");
    private static final ConfigSchema.Key HOST = must("host", ConfigSchema.HOST, "The machine it runs on.");

    private ClusterSchema() {}

    public static ConfigSchema.ObjectOf keys() {
        return servers()
                .plus(clients())
                .plus(ConfigSchema.keys(
                        key(
                                "binaries",
                                text(TextFormat.FOLDER),
                                "Folder of mongod and mongos on the hosts; searched when not given."),
                        key("backup", backup(), "How backups are made."),
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
                key("balancer", ConfigSchema.FLAG, "Whether chunks may move by themselves; true when not given."),
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
                                        "What a write waits for when the client does not say; majority when not given."),
                                key(
                                        "readConcern",
                                        words("local", "available", "majority"),
                                        "What a read may see when the client does not say; local when not given.")),
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
                                                "A reference to the password; generated when not given."),
                                        key(
                                                "roles",
                                                listOf(text(TextFormat.ROLE)),
                                                "Roles as role@database; without a database, of admin."))),
                        "Database users that must exist, by name."));
    }

    private static ConfigSchema set() {
        return either(
                listOf(either(ConfigSchema.HOST, member())),
                ConfigSchema.keys(
                        must(
                                "members",
                                listOf(either(ConfigSchema.HOST, member())),
                                "The members, by host or in full."),
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
                        "How much it is preferred as primary, 0 for never; 1 when not given."),
                key("votes", new ConfigSchema.Int(0, 1), "Whether it votes in elections; 1 when not given."),
                key("hidden", ConfigSchema.FLAG, "Whether clients do not see it; it then has priority 0."),
                key("delay", ConfigSchema.SPAN, "How far it stays behind on purpose; it then has priority 0."),
                key("arbiter", ConfigSchema.FLAG, "Whether it votes without holding data."),
                key(
                        "tags",
                        named(TextFormat.NAME, text(TextFormat.LINE)),
                        "Words that read preferences and write concerns choose members by."));
    }

    private static ConfigSchema concern() {
        ConfigSchema w = either(words("majority"), new ConfigSchema.Int(1, 50));
        return either(
                words("majority"),
                new ConfigSchema.Int(1, 50),
                ConfigSchema.keys(
                        must("w", w, "How many members acknowledge: majority, or a number."),
                        key("j", ConfigSchema.FLAG, "Whether the journal must be on disk."),
                        key("wtimeout", ConfigSchema.SPAN, "How long to wait for it; without end when not given.")));
    }

    private static ConfigSchema.ObjectOf backup() {
        ConfigSchema often = either(words("hourly", "daily", "weekly"), ConfigSchema.SPAN);
        return ConfigSchema.keys(
                key("base", often, "How often a base copy is made."),
                key(
                        "oplogEvery",
                        ConfigSchema.SPAN,
                        "How often the oplog is archived: what a total loss costs at most."),
                key(
                        "repository",
                        text(TextFormat.FOLDER),
                        "Absolute folder where backups are kept. When not given, the folder backup beside the estate's directory."),
                key("keep", ConfigSchema.SPAN, "How long backups are kept; for ever when not given."));
    }
}
