package dev.holdfast.config;

import static dev.holdfast.config.ConfigSchema.either;
import static dev.holdfast.config.ConfigSchema.key;
import static dev.holdfast.config.ConfigSchema.keys;
import static dev.holdfast.config.ConfigSchema.must;
import static dev.holdfast.config.ConfigSchema.text;
import static dev.holdfast.config.ConfigSchema.words;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The schema of a whole topology file. */
public final class EstateSchema {

    private EstateSchema() {}

    public static ConfigSchema.ObjectOf of(List<? extends EngineConfigReader> engines) {
        return keys(
                must("apiVersion", words("holdfast.dev/v1"), "The version of this file format.")
                        .by(ChangeKind.REFUSED, "There is one version."),
                must(
                                "name",
                                text(TextFormat.NAME),
                                "The estate's name, which is also in the mark of every directory of the estate.")
                        .by(
                                ChangeKind.REFUSED,
                                "Every directory has a mark with the name. Declare the former name again."),
                key(
                                "environment",
                                words("lab", "staging", "production"),
                                "The purpose of the estate; default production. Only a lab may be destroyed, and production needs the typed name before risky steps.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                key(
                                "directory",
                                text(TextFormat.FOLDER),
                                "The absolute directory on every host that contains the whole estate; default /var/lib/holdfast/<name> for"
                                        + " root and sudo, and ~/.local/share/holdfast/<name> for another login on the host.")
                        .by(
                                ChangeKind.REFUSED,
                                "Holdfast moves no directory. Stop the servers, move their directories, then apply."),
                key(
                                "services",
                                services(),
                                "What starts servers after a reboot, on all hosts: "
                                        + "auto (systemd on hosts reached by ssh, where the login can have units; default), systemd or none.")
                        .by(ChangeKind.LIVE, "A running server goes on; its unit starts the server at the next boot."),
                must(
                                "hosts",
                                new ConfigSchema.MapOf(text(TextFormat.HOST), host(engines), 1),
                                "The hosts, by the names that the rest of the file uses.")
                        .by(
                                ChangeKind.LIVE,
                                "PostgreSQL members admit the new list of hosts. A host that has a server keeps its name."),
                must(
                                "clusters",
                                new ConfigSchema.MapOf(text(TextFormat.NAME), cluster(engines), 1),
                                "The database clusters, by name.")
                        .by(
                                ChangeKind.LIVE,
                                "A new cluster is created. A removed cluster keeps running and is reported; run destroy "
                                        + "before the removal. A cluster keeps its name."),
                key("drills", drills(), "The drills that may run, and how often.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                key(
                                "accepted",
                                ConfigSchema.listOf(AcceptanceReader.keys()),
                                "The advice that an owner has accepted until a date; validate then counts it and prints it no more.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                key(
                                "secrets",
                                ConfigSchema.named(TextFormat.SECRET_NAME, text(TextFormat.SECRET_SOURCE)),
                                "The sources of secrets: env:NAME, file:/path or generated. Other secrets are generated and kept with mode 0600.")
                        .by(
                                ChangeKind.LIVE,
                                "A user gets its new password. The key file of a MongoDB cluster cannot change."));
    }

    private static ConfigSchema.ObjectOf host(List<? extends EngineConfigReader> engines) {
        return keys(
                key(
                                "address",
                                text(TextFormat.ADDRESS),
                                "The IPv4 address or DNS name at which databases and clients reach the host; default: the host's name.")
                        .by(
                                ChangeKind.REFUSED,
                                "A running server does not move to another address. Replace the member: remove it, apply, declare it again, apply."),
                key("zone", text(TextFormat.ZONE), "The failure domain of the host, with common power and network.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                key("region", text(TextFormat.ZONE), "The site of the zone.").by(ChangeKind.NOT_ON_SERVERS, ""),
                must(
                                "reach",
                                either(
                                        words("local"),
                                        keys(must("ssh", ssh(), "By SSH with a key; the host key must be known.")
                                                .by(ChangeKind.NOT_ON_SERVERS, ""))),
                                "How Holdfast opens a shell on the host: local (this host), or ssh.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                key("services", services(), "What starts servers after a reboot of this host; default: the estate's.")
                        .by(ChangeKind.LIVE, "A running server goes on; its unit starts the server at the next boot."),
                key(
                                "binaries",
                                binaries(engines),
                                "The directories of server programs on this host, by engine; default: binaries of the cluster.")
                        .by(
                                ChangeKind.ROLLING,
                                "Only the servers on this host restart, in the order of a whole cluster."),
                key("directory", text(TextFormat.FOLDER), "The absolute directory on this host; default: the estate's.")
                        .by(
                                ChangeKind.REFUSED,
                                "Holdfast moves no directory. Stop the servers, move their directories, then apply."));
    }

    private static ConfigSchema.ObjectOf binaries(List<? extends EngineConfigReader> engines) {
        return keys(engines.stream()
                .map(e -> key(
                                e.name(),
                                text(TextFormat.FOLDER),
                                "The directory of the programs of " + e.name() + " on this host.")
                        .by(
                                ChangeKind.ROLLING,
                                "Only the servers of " + e.name()
                                        + " on this host restart, in the order of a whole cluster."))
                .toArray(ConfigSchema.Key[]::new));
    }

    private static ConfigSchema.Choice services() {
        return words("auto", "systemd", "none");
    }

    private static ConfigSchema.ObjectOf ssh() {
        return keys(
                key(
                                "user",
                                text(TextFormat.USER_ON_HOST),
                                "The login name; default: User of the SSH client configuration, else the operator's own name.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                key(
                                "key",
                                text(TextFormat.FILE),
                                "The path of the private key on the host that runs Holdfast; default: the keys of the SSH"
                                        + " agent and of the SSH client configuration.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                key("port", ConfigSchema.PORT, "The SSH port; default: Port of the SSH client configuration, else 22.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                key(
                                "knownHosts",
                                text(TextFormat.FILE),
                                "The path of the known_hosts file, also for jump hosts; default: the files of the SSH client"
                                        + " configuration.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                key(
                                "host",
                                text(TextFormat.ADDRESS),
                                "The name or alias that SSH connects to; default: the host's address. Databases and clients"
                                        + " use the address.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                key(
                                "config",
                                text(TextFormat.FILE),
                                "The path of the SSH client configuration; default ~/.ssh/config and /etc/ssh/ssh_config. none"
                                        + " reads no file.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                key(
                                "become",
                                words("sudo"),
                                "sudo runs Holdfast's scripts as root on the host, by sudo without a password; default: they"
                                        + " run as the login user.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""));
    }

    private static ConfigSchema.Switch cluster(List<? extends EngineConfigReader> engines) {
        Map<String, ConfigSchema.ObjectOf> cases = new LinkedHashMap<>();
        for (EngineConfigReader engine : engines) {
            cases.put(
                    engine.name(),
                    keys(key("objectives", objectives(), "The recovery objectives of the cluster.")
                                    .by(
                                            ChangeKind.LIVE,
                                            "PostgreSQL: the defaults of durability and automatic.ttl follow from the "
                                                    + "objectives."))
                            .plus(engine.shape()));
        }
        return new ConfigSchema.Switch(
                "engine",
                "The database engine.",
                ChangeKind.REFUSED,
                "A cluster keeps its engine: declare a new cluster.",
                cases);
    }

    private static ConfigSchema.ObjectOf drills() {
        return keys(
                key(
                                "enrolled",
                                ConfigSchema.listOf(text(TextFormat.NAME)),
                                "The drills that may run in production; each still needs the typed name.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""),
                key(
                                "overdue",
                                ConfigSchema.SPAN,
                                "The time after which drill history warns that a drill was not run again; default 90d.")
                        .by(ChangeKind.NOT_ON_SERVERS, ""));
    }

    private static ConfigSchema.ObjectOf objectives() {
        return keys(
                key("rpo", ConfigSchema.SPAN, "The time span of acknowledged writes that may be lost; 0s means none.")
                        .by(
                                ChangeKind.LIVE,
                                "PostgreSQL: the default of durability follows from rpo. MongoDB: not on servers."),
                key("rto", ConfigSchema.SPAN, "The time for which writes may be refused.")
                        .by(
                                ChangeKind.LIVE,
                                "PostgreSQL: the default of automatic.ttl follows from rto. Otherwise: not on servers."));
    }
}
