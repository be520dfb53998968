package dev.holdfast.postgres.topology;

import static dev.holdfast.config.ConfigSchema.either;
import static dev.holdfast.config.ConfigSchema.key;
import static dev.holdfast.config.ConfigSchema.listOf;
import static dev.holdfast.config.ConfigSchema.must;
import static dev.holdfast.config.ConfigSchema.named;
import static dev.holdfast.config.ConfigSchema.text;
import static dev.holdfast.config.ConfigSchema.words;

import dev.holdfast.config.ConfigSchema;
import dev.holdfast.config.TextFormat;

/** The keys of a PostgreSQL cluster in the topology file. */
public final class ClusterSchema {

    private static final ConfigSchema.Key PORT =
            key("port", ConfigSchema.PORT, "The TCP port; the usual one, or the next free, when not given.");
    private static final ConfigSchema.Key DIRECTORY =
            key("directory", text(TextFormat.FOLDER), "Absolute folder of this node alone on its host.");
    private static final ConfigSchema.Key HOST = must("host", ConfigSchema.HOST, "The machine it runs on.");

    private ClusterSchema() {}

    public static ConfigSchema.ObjectOf keys() {
        return servers()
                .plus(ConfigSchema.keys(
                        key(
                                "database",
                                text(TextFormat.DATABASE),
                                "The database made for applications; the cluster's name when not given."),
                        key("settings", ConfigSchema.SETTINGS, "postgresql.conf parameters by name."),
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
                                                        listOf(text(TextFormat.ACCOUNT)),
                                                        "Roles to be a member of, such as pg_read_all_data."))),
                                "Application roles that must exist, by name."),
                        key(
                                "clients",
                                listOf(text(TextFormat.NETWORK)),
                                "Networks that may come in with a password, beside the hosts of the estate;"
                                        + " those the servers are in when not given and a host is reached by SSH."),
                        key(
                                "binaries",
                                text(TextFormat.FOLDER),
                                "Folder of the server programs on the hosts; searched when not given."),
                        key("backup", backup(), "How backups are made."),
                        key(
                                "schema",
                                either(text(TextFormat.FILE), listOf(text(TextFormat.FILE))),
                                "The file that declares tables, keys, checks and indexes.")));
    }

    private static ConfigSchema.ObjectOf servers() {
        return ConfigSchema.keys(
                key(
                        "durability",
                        words("protect", "available", "fast"),
                        "What a commit waits for: protect (a synchronous standby, always; after a change of the primary as afterFailover says), available (one while there is one), fast (none)."
                                + " A server that is started by hand with -c synchronous_standby_names='' leaves no mark: a later failover cannot know it."
                                + " When not given: with synchronous standbys protect for an RPO of 0s and otherwise available, without fast."),
                key(
                        "afterFailover",
                        words("wait", "serve"),
                        "What durability protect does after a failover while too few synchronous standbys follow the new primary: wait (commits wait until one is back),"
                                + " or serve (the new primary acknowledges commits without one: failover announces the risk and ends with exit 5, plan lists it,"
                                + " status reports it until rejoin has brought a synchronous standby back). wait when not given."
                                + " A switchover does the same for the seconds until the old primary follows the new one."),
                must(
                        "primary",
                        either(ConfigSchema.HOST, ConfigSchema.keys(HOST, PORT, DIRECTORY)),
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
                        text(TextFormat.SYNCHRONOUS),
                        "How many synchronous standbys a commit waits for: FIRST n in their order, or ANY n; FIRST 1 when not given."),
                key(
                        "proxy",
                        listOf(either(ConfigSchema.HOST, proxy())),
                        "The entrances for clients: HAProxies, or PgBouncers where kind says so."));
    }

    /** By host: the mode alone or in full; or a list. */
    private static ConfigSchema followers(ConfigSchema modes, ConfigSchema.Key mode) {
        ConfigSchema.ObjectOf full = ConfigSchema.keys(mode, PORT, DIRECTORY);
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
                        "haproxy hands sessions on; pgbouncer pools transactions, and its clients wait while the primary changes."
                                + " haproxy when not given."),
                key(
                        "port",
                        ConfigSchema.PORT,
                        "The write entrance, to the primary only; 5000, for pgbouncer 6432, or the next free when not given."),
                key(
                        "readPort",
                        ConfigSchema.PORT,
                        "The read entrance of an HAProxy, to healthy standbys; 5001 or the next free when not given."),
                DIRECTORY);
    }

    private static ConfigSchema.ObjectOf backup() {
        ConfigSchema often = either(words("hourly", "daily", "weekly"), ConfigSchema.SPAN);
        return ConfigSchema.keys(
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
                                text(TextFormat.FOLDER),
                                ConfigSchema.keys(
                                        must("host", ConfigSchema.HOST, "The machine that has the folder."),
                                        must("path", text(TextFormat.FOLDER), "Absolute folder on that machine."),
                                        key(
                                                "port",
                                                ConfigSchema.PORT,
                                                "Where pgBackRest's servers listen, there and on the members' hosts; 8432 or the next free when not given."))),
                        "Absolute folder where backups are kept, the same on all machines of the cluster; or a host of the estate and a path there, which pgBackRest's own servers then reach over TLS. When not given, the folder backup beside the estate's directory."),
                key(
                        "archiveEvery",
                        ConfigSchema.SPAN,
                        "The longest that a written change waits until it is archived; 1m when not given."),
                key(
                        "encryption",
                        text(TextFormat.SECRET),
                        "A reference to the passphrase that encrypts the repository; it is not encrypted when not given."),
                key("keep", ConfigSchema.SPAN, "How long backups are kept; for ever when not given."));
    }
}
