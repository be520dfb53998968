package dev.holdfast.postgres;

import static dev.holdfast.engine.Shape.either;
import static dev.holdfast.engine.Shape.key;
import static dev.holdfast.engine.Shape.listOf;
import static dev.holdfast.engine.Shape.must;
import static dev.holdfast.engine.Shape.named;
import static dev.holdfast.engine.Shape.text;
import static dev.holdfast.engine.Shape.words;

import dev.holdfast.engine.Shape;
import dev.holdfast.engine.Spelling;

/** The keys of a PostgreSQL cluster in the topology file. */
final class PostgresShape {

    private static final Shape.Key PORT =
            key("port", Shape.PORT, "The TCP port; the usual one, or the next free, when not given.");
    private static final Shape.Key DIRECTORY =
            key("directory", text(Spelling.FOLDER), "Absolute folder of this node alone on its host.");
    private static final Shape.Key HOST = must("host", Shape.HOST, "The machine it runs on.");

    private PostgresShape() {}

    static Shape.Keys keys() {
        return servers()
                .plus(Shape.keys(
                        key(
                                "database",
                                text(Spelling.DATABASE),
                                "The database made for applications; the cluster's name when not given."),
                        key("settings", Shape.SETTINGS, "postgresql.conf parameters by name."),
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
                                                        listOf(text(Spelling.ACCOUNT)),
                                                        "Roles to be a member of, such as pg_read_all_data."))),
                                "Application roles that must exist, by name."),
                        key(
                                "clients",
                                listOf(text(Spelling.NETWORK)),
                                "Networks that may come in with a password, beside the hosts of the estate;"
                                        + " those the servers are in when not given and a host is reached by SSH."),
                        key(
                                "binaries",
                                text(Spelling.FOLDER),
                                "Folder of the server programs on the hosts; searched when not given."),
                        key("backup", backup(), "How backups are made."),
                        key(
                                "schema",
                                either(text(Spelling.FILE), listOf(text(Spelling.FILE))),
                                "The file that declares tables, keys, checks and indexes.")));
    }

    private static Shape.Keys servers() {
        return Shape.keys(
                key(
                        "durability",
                        words("protect", "available", "fast"),
                        "What a commit waits for: protect (a synchronous standby, always), available (one while there is one), fast (none)."
                                + " When not given: with synchronous standbys protect for an RPO of 0s and otherwise available, without fast."),
                must(
                        "primary",
                        either(Shape.HOST, Shape.keys(HOST, PORT, DIRECTORY)),
                        "Where the cluster is born; a switchover may move it later."),
                key(
                        "standbys",
                        followers(
                                words("sync", "async"),
                                key(
                                        "mode",
                                        words("sync", "async"),
                                        "Whether commits may wait for it; sync when not given.")),
                        "Servers that follow and may be promoted: sync ones are waited for by commits."),
                key(
                        "dr",
                        followers(
                                words("async"),
                                key("mode", words("async"), "Disaster-recovery copies always follow asynchronously.")),
                        "Disaster-recovery copies: promoted only when a person asks for it."),
                key(
                        "synchronous",
                        text(Spelling.SYNCHRONOUS),
                        "How many synchronous standbys a commit waits for: FIRST n in their order, or ANY n; FIRST 1 when not given."),
                key(
                        "proxy",
                        listOf(either(Shape.HOST, proxy())),
                        "The entrances for clients: HAProxies, or PgBouncers where kind says so."));
    }

    /** By host: the mode alone or in full; or a list. */
    private static Shape followers(Shape modes, Shape.Key mode) {
        Shape.Keys full = Shape.keys(mode, PORT, DIRECTORY);
        return either(
                new Shape.Named(Shape.HOST, either(modes, full), 1),
                listOf(either(Shape.HOST, Shape.keys(HOST).plus(full))));
    }

    private static Shape.Keys proxy() {
        return Shape.keys(
                HOST,
                key(
                        "kind",
                        words("haproxy", "pgbouncer"),
                        "haproxy hands sessions on; pgbouncer pools transactions, and its clients wait while the primary changes."
                                + " haproxy when not given."),
                key(
                        "port",
                        Shape.PORT,
                        "The write entrance, to the primary only; 5000, for pgbouncer 6432, or the next free when not given."),
                key(
                        "readPort",
                        Shape.PORT,
                        "The read entrance of an HAProxy, to healthy standbys; 5001 or the next free when not given."),
                DIRECTORY);
    }

    private static Shape.Keys backup() {
        Shape often = either(words("hourly", "daily", "weekly"), Shape.SPAN);
        return Shape.keys(
                key("full", often, "How often a full copy is made."),
                key("incremental", often, "How often a copy of what changed is made."),
                key(
                        "archive",
                        words("continuous"),
                        "Whether every piece of the log is archived as it fills: needed to restore to any moment."),
                key("differential", often, "How often a copy of what changed since the last full one is made."),
                key(
                        "repository",
                        either(
                                text(Spelling.FOLDER),
                                Shape.keys(
                                        must("host", Shape.HOST, "The machine that has the folder."),
                                        must("path", text(Spelling.FOLDER), "Absolute folder on that machine."),
                                        key(
                                                "port",
                                                Shape.PORT,
                                                "Where pgBackRest's servers listen, there and on the members' hosts; 8432 or the next free when not given."))),
                        "Absolute folder where backups are kept, the same on all machines of the cluster; or a host of the estate and a path there, which pgBackRest's own servers then reach over TLS. When not given, the folder backup beside the estate's directory."),
                key(
                        "archiveEvery",
                        Shape.SPAN,
                        "The longest that a written change waits until it is archived; 1m when not given."),
                key(
                        "encryption",
                        text(Spelling.SECRET),
                        "A reference to the passphrase that encrypts the repository; it is not encrypted when not given."),
                key("keep", Shape.SPAN, "How long backups are kept; for ever when not given."));
    }
}
