package dev.holdfast.mongodb;

import static dev.holdfast.engine.Shape.either;
import static dev.holdfast.engine.Shape.key;
import static dev.holdfast.engine.Shape.listOf;
import static dev.holdfast.engine.Shape.must;
import static dev.holdfast.engine.Shape.named;
import static dev.holdfast.engine.Shape.text;
import static dev.holdfast.engine.Shape.words;

import dev.holdfast.engine.Shape;
import dev.holdfast.engine.Spelling;

/** The keys of a MongoDB cluster in the topology file. */
final class MongoShape {

    private static final Shape.Key ELECTION = key(
            "electionTimeout", Shape.SPAN, "How long a primary may be silent before an election; 10s when not given.");
    private static final Shape.Key HEARTBEAT =
            key("heartbeat", Shape.SPAN, "How often members ask each other; 2s when not given.");
    private static final Shape.Key OPLOG = key(
            "oplogSize", Shape.SIZE, "How much replication history is kept; the server's own choice when not given.");
    private static final Shape.Key PORT =
            key("port", Shape.PORT, "The TCP port; the usual one, or the next free, when not given.");
    private static final Shape.Key DIRECTORY =
            key("directory", text(Spelling.FOLDER), "Absolute folder of this node alone on its host.");
    private static final Shape.Key HOST = must("host", Shape.HOST, "The machine it runs on.");

    private MongoShape() {}

    static Shape.Keys keys() {
        return servers()
                .plus(clients())
                .plus(Shape.keys(
                        key(
                                "binaries",
                                text(Spelling.FOLDER),
                                "Folder of mongod and mongos on the hosts; searched when not given."),
                        key("backup", backup(), "How backups are made."),
                        key(
                                "schema",
                                either(text(Spelling.FILE), listOf(text(Spelling.FILE))),
                                "The file that declares collections, validators, indexes and shard keys.")));
    }

    private static Shape.Keys servers() {
        return Shape.keys(
                key("configServers", set(), "The config server replica set of a sharded cluster."),
                key(
                        "shards",
                        new Shape.Named(text(Spelling.NAME), set(), 1),
                        "The shards by name, each a replica set of that name."),
                key(
                        "replicaSet",
                        set(),
                        "The members of a single replica set, instead of configServers, shards and routers."),
                key(
                        "routers",
                        listOf(either(Shape.HOST, Shape.keys(HOST, PORT, DIRECTORY))),
                        "The mongos that clients connect to."),
                key("balancer", Shape.FLAG, "Whether chunks may move by themselves; true when not given."),
                ELECTION,
                HEARTBEAT,
                OPLOG,
                key(
                        "settings",
                        Shape.SETTINGS,
                        "mongod configuration by the keys of its configuration file, dotted or nested."));
    }

    private static Shape.Keys clients() {
        return Shape.keys(
                key(
                        "defaults",
                        Shape.keys(
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
                        named(Spelling.COLLECTION, concern()),
                        "Write concerns that clients use, by the name of a collection."),
                key(
                        "readConcerns",
                        named(Spelling.NAME, words("local", "available", "majority", "linearizable", "snapshot")),
                        "Read concerns that clients use, by the name of a collection."),
                key(
                        "users",
                        named(
                                Spelling.ACCOUNT,
                                Shape.keys(
                                        key(
                                                "password",
                                                text(Spelling.SECRET),
                                                "A reference to the password; generated when not given."),
                                        key(
                                                "roles",
                                                listOf(text(Spelling.ROLE)),
                                                "Roles as role@database; without a database, of admin."))),
                        "Database users that must exist, by name."));
    }

    private static Shape set() {
        return either(
                listOf(either(Shape.HOST, member())),
                Shape.keys(
                        must("members", listOf(either(Shape.HOST, member())), "The members, by host or in full."),
                        key(
                                "name",
                                text(Spelling.NAME),
                                "The replica set's name; not for shards, whose name is their key."),
                        ELECTION,
                        HEARTBEAT,
                        OPLOG));
    }

    private static Shape.Keys member() {
        return Shape.keys(
                HOST,
                PORT,
                DIRECTORY,
                key(
                        "priority",
                        new Shape.Decimal(0, 1000),
                        "How much it is preferred as primary, 0 for never; 1 when not given."),
                key("votes", new Shape.Whole(0, 1), "Whether it votes in elections; 1 when not given."),
                key("hidden", Shape.FLAG, "Whether clients do not see it; it then has priority 0."),
                key("delay", Shape.SPAN, "How far it stays behind on purpose; it then has priority 0."),
                key("arbiter", Shape.FLAG, "Whether it votes without holding data."),
                key(
                        "tags",
                        named(Spelling.NAME, text(Spelling.LINE)),
                        "Words that read preferences and write concerns choose members by."));
    }

    private static Shape concern() {
        Shape w = either(words("majority"), new Shape.Whole(1, 50));
        return either(
                words("majority"),
                new Shape.Whole(1, 50),
                Shape.keys(
                        must("w", w, "How many members acknowledge: majority, or a number."),
                        key("j", Shape.FLAG, "Whether the journal must be on disk."),
                        key("wtimeout", Shape.SPAN, "How long to wait for it; without end when not given.")));
    }

    private static Shape.Keys backup() {
        Shape often = either(words("hourly", "daily", "weekly"), Shape.SPAN);
        return Shape.keys(
                key("base", often, "How often a base copy is made."),
                key("oplogEvery", Shape.SPAN, "How often the oplog is archived: what a total loss costs at most."),
                key(
                        "repository",
                        text(Spelling.FOLDER),
                        "Absolute folder where backups are kept. When not given, the folder backup beside the estate's directory."),
                key("keep", Shape.SPAN, "How long backups are kept; for ever when not given."));
    }
}
