package dev.holdfast.config;

import static dev.holdfast.config.ConfigSchema.either;
import static dev.holdfast.config.ConfigSchema.key;
import static dev.holdfast.config.ConfigSchema.listOf;
import static dev.holdfast.config.ConfigSchema.named;
import static dev.holdfast.config.ConfigSchema.text;
import static dev.holdfast.config.ConfigSchema.words;

/** The keys that a cluster has with every engine: a node's directory, users, the version, dictionary files, and backup intervals. */
public final class CommonKeys {

    public static final ConfigSchema.Key DIRECTORY = key(
                    "directory", text(TextFormat.FOLDER), "The absolute directory on the host for this node only.")
            .by(
                    ChangeKind.REFUSED,
                    "Holdfast moves no directory. Stop the server, move the directory on its host, then apply.");

    /** The interval of scheduled backups. */
    public static final ConfigSchema INTERVAL = either(words("hourly", "daily", "weekly"), ConfigSchema.SPAN);

    private CommonKeys() {}

    /** Returns the key {@code users}: accounts by name, each with a password and roles. */
    public static ConfigSchema.Key users(TextFormat role, String roles, String rolesChange, String description) {
        return key(
                        "users",
                        named(
                                TextFormat.ACCOUNT,
                                ConfigSchema.keys(
                                        key(
                                                        "password",
                                                        text(TextFormat.SECRET),
                                                        "A reference to the password; default: a generated password.")
                                                .by(ChangeKind.LIVE, ""),
                                        key("roles", listOf(text(role)), roles).by(ChangeKind.LIVE, rolesChange))),
                        description)
                .by(
                        ChangeKind.LIVE,
                        "A new user is created. Holdfast never drops a removed user, and plan names the user.");
    }

    /** Returns the key {@code version}: what the server programs must be. */
    public static ConfigSchema.Key version(String examples) {
        return key(
                        "version",
                        text(TextFormat.VERSION),
                        "The version that the server programs must have: " + examples
                                + ". Holdfast compares it with the programs; binaries selects them. Any supported version when not given.")
                .by(
                        ChangeKind.NOT_ON_SERVERS,
                        "Preflight and apply refuse other programs. Plan and status name servers of another version.");
    }

    /** Returns the key {@code schema}: the files of the data dictionary. */
    public static ConfigSchema.Key dictionary(String description) {
        return key("schema", either(text(TextFormat.FILE), listOf(text(TextFormat.FILE))), description)
                .by(ChangeKind.COMMAND, "holdfast schema apply.");
    }

    /** Returns the key {@code keep}: the retention of backups. */
    public static ConfigSchema.Key retention(ChangeKind change) {
        return key("keep", ConfigSchema.SPAN, "How long backups are kept; default: without limit.")
                .by(change, "");
    }
}
