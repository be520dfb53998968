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
                must("apiVersion", words("holdfast.dev/v1"), "The version of this file format."),
                must(
                        "name",
                        text(TextFormat.NAME),
                        "The estate's name, which is also in the mark of every directory of the estate."),
                key(
                        "environment",
                        words("lab", "staging", "production"),
                        "The purpose of the estate; default production. Only a lab may be destroyed, and production"
                                + " needs the typed name before risky steps."),
                key(
                        "directory",
                        text(TextFormat.FOLDER),
                        "The absolute directory on every host that contains the whole estate; default"
                                + " /var/lib/holdfast/<name>."),
                must(
                        "hosts",
                        new ConfigSchema.MapOf(text(TextFormat.HOST), host(), 1),
                        "The hosts, by the names that the rest of the file uses."),
                must(
                        "clusters",
                        new ConfigSchema.MapOf(text(TextFormat.NAME), cluster(engines), 1),
                        "The database clusters, by name."),
                key("drills", drills(), "The drills that may run, and how often."),
                key(
                        "secrets",
                        ConfigSchema.named(TextFormat.SECRET_NAME, text(TextFormat.SECRET_SOURCE)),
                        "The sources of secrets: env:NAME, file:/path or generated. Other secrets are generated and"
                                + " kept with mode 0600."));
    }

    private static ConfigSchema.ObjectOf host() {
        return keys(
                key(
                        "address",
                        text(TextFormat.ADDRESS),
                        "The IPv4 address or DNS name at which databases and clients reach the host; default: the"
                                + " host's name."),
                key("zone", text(TextFormat.ZONE), "The failure domain of the host, with common power and network."),
                key("region", text(TextFormat.ZONE), "The site of the zone."),
                must(
                        "reach",
                        either(
                                words("local"),
                                keys(must("ssh", ssh(), "By SSH with a key; the host key must be known."))),
                        "How Holdfast opens a shell on the host: local (this host), or ssh."),
                key(
                        "directory",
                        text(TextFormat.FOLDER),
                        "The absolute directory on this host; default: the estate's."));
    }

    private static ConfigSchema.ObjectOf ssh() {
        return keys(
                key(
                        "user",
                        text(TextFormat.USER_ON_HOST),
                        "The login name; default: User of the SSH client configuration, else the operator's own name."),
                key(
                        "key",
                        text(TextFormat.FILE),
                        "The path of the private key on the host that runs Holdfast; default: the keys of the SSH"
                                + " agent and of the SSH client configuration."),
                key("port", ConfigSchema.PORT, "The SSH port; default: Port of the SSH client configuration, else 22."),
                key(
                        "knownHosts",
                        text(TextFormat.FILE),
                        "The path of the known_hosts file, also for jump hosts; default: the files of the SSH client"
                                + " configuration."),
                key(
                        "host",
                        text(TextFormat.ADDRESS),
                        "The name or alias that SSH connects to; default: the host's address. Databases and clients"
                                + " use the address."),
                key(
                        "config",
                        text(TextFormat.FILE),
                        "The path of the SSH client configuration; default ~/.ssh/config and /etc/ssh/ssh_config. none"
                                + " reads no file."));
    }

    private static ConfigSchema.Switch cluster(List<? extends EngineConfigReader> engines) {
        Map<String, ConfigSchema.ObjectOf> cases = new LinkedHashMap<>();
        for (EngineConfigReader engine : engines) {
            cases.put(
                    engine.name(),
                    keys(key("objectives", objectives(), "The recovery objectives of the cluster."))
                            .plus(engine.shape()));
        }
        return new ConfigSchema.Switch("engine", "The database engine.", cases);
    }

    private static ConfigSchema.ObjectOf drills() {
        return keys(
                key(
                        "enrolled",
                        ConfigSchema.listOf(text(TextFormat.NAME)),
                        "The drills that may run in production; each still needs the typed name."),
                key(
                        "overdue",
                        ConfigSchema.SPAN,
                        "The time after which drill history warns that a drill was not run again; default 90d."));
    }

    private static ConfigSchema.ObjectOf objectives() {
        return keys(
                key("rpo", ConfigSchema.SPAN, "The time span of acknowledged writes that may be lost; 0s means none."),
                key("rto", ConfigSchema.SPAN, "The time for which writes may be refused."));
    }
}
