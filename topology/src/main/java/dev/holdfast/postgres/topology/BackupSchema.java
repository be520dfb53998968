package dev.holdfast.postgres.topology;

import static dev.holdfast.config.ConfigSchema.either;
import static dev.holdfast.config.ConfigSchema.key;
import static dev.holdfast.config.ConfigSchema.must;
import static dev.holdfast.config.ConfigSchema.text;
import static dev.holdfast.config.ConfigSchema.words;

import dev.holdfast.config.ChangeKind;
import dev.holdfast.config.CommonKeys;
import dev.holdfast.config.ConfigSchema;
import dev.holdfast.config.TextFormat;

/** The keys of a PostgreSQL cluster's backups in the topology file. */
final class BackupSchema {

    private BackupSchema() {}

    static ConfigSchema.ObjectOf keys() {
        return ConfigSchema.keys(
                key("full", CommonKeys.INTERVAL, "The interval of full backups.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                key("incremental", CommonKeys.INTERVAL, "The interval of backups of the changes since the last backup.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                key(
                                "archive",
                                words("continuous"),
                                "Whether WAL is archived continuously: needed to restore to any point in time.")
                        .by(ChangeKind.LIVE, ""),
                key(
                                "differential",
                                CommonKeys.INTERVAL,
                                "The interval of backups of the changes since the last full backup.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                key(
                                "repository",
                                either(
                                        text(TextFormat.FOLDER),
                                        ConfigSchema.keys(
                                                must("host", ConfigSchema.HOST, "The host of the directory.")
                                                        .by(
                                                                ChangeKind.LIVE,
                                                                "Archiving continues in the new repository, which needs a base backup."),
                                                must(
                                                                "path",
                                                                text(TextFormat.FOLDER),
                                                                "Absolute directory on that host.")
                                                        .by(
                                                                ChangeKind.LIVE,
                                                                "Archiving continues in the new repository, which needs a base backup."),
                                                key(
                                                                "port",
                                                                ConfigSchema.PORT,
                                                                "The port of the pgBackRest servers, there and on the members' hosts; 8432 or the next free one when not given.")
                                                        .by(ChangeKind.ROLLING, "The pgBackRest servers restart."))),
                                "An absolute directory for backups, the same on all hosts of the cluster. Or a host of the estate and a path there, which pgBackRest servers reach over TLS. Default: the directory backup next to the estate's directory.")
                        .by(ChangeKind.LIVE, "Archiving continues in the new repository, which needs a base backup."),
                key(
                                "archiveEvery",
                                ConfigSchema.SPAN,
                                "The longest time until a change is archived; 1m when not given.")
                        .by(ChangeKind.LIVE, ""),
                key(
                                "encryption",
                                text(TextFormat.SECRET),
                                "A reference to the passphrase that encrypts the repository; not encrypted when not given.")
                        .by(
                                ChangeKind.REFUSED,
                                "A repository keeps its passphrase: declare another repository with the new one."),
                CommonKeys.retention(ChangeKind.LIVE));
    }
}
