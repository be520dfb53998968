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

/** The shape of a whole topology file. */
public final class EstateSchema {

    private EstateSchema() {}

    public static ConfigSchema.ObjectOf of(List<? extends EngineConfigReader> engines) {
        return keys(
                must("apiVersion", words("holdfast.dev/v1"), "The version of this file's form."),
                must("name", text(TextFormat.NAME), "The estate's name; it marks every folder that belongs to it."),
                key(
                        "environment",
                        words("lab", "staging", "production"),
                        "What the estate is for; only a lab may be destroyed, production (when not given) asks for the typed name before risky acts."),
                key(
                        "directory",
                        text(TextFormat.FOLDER),
                        "Absolute folder on every host under which all of the estate lives; /var/lib/holdfast/<name> when not given."),
                must(
                        "hosts",
                        new ConfigSchema.MapOf(text(TextFormat.HOST), host(), 1),
                        "The machines, by the names that the rest of the file uses."),
                must(
                        "clusters",
                        new ConfigSchema.MapOf(text(TextFormat.NAME), cluster(engines), 1),
                        "The databases, by name."),
                key("drills", drills(), "What may be broken on purpose, and how often it should be."),
                key(
                        "secrets",
                        ConfigSchema.named(TextFormat.SECRET_NAME, text(TextFormat.SECRET_SOURCE)),
                        "Where secrets come from: env:NAME, file:/path or generated; one that is not named here is generated, kept with mode 0600."));
    }

    private static ConfigSchema.ObjectOf host() {
        return keys(
                key(
                        "address",
                        text(TextFormat.ADDRESS),
                        "The IPv4 address or DNS name that databases and clients reach the host by; the host's name when not given."),
                key("zone", text(TextFormat.ZONE), "The failure domain the host shares power and network with."),
                key("region", text(TextFormat.ZONE), "The site the zone belongs to."),
                must(
                        "reach",
                        either(
                                words("local"),
                                keys(must("ssh", ssh(), "By SSH with a key; the host key must be known."))),
                        "How Holdfast gets a shell on the host: local (this machine), or ssh."),
                key(
                        "directory",
                        text(TextFormat.FOLDER),
                        "Absolute folder on this host; the estate's when not given."));
    }

    private static ConfigSchema.ObjectOf ssh() {
        return keys(
                must("user", text(TextFormat.USER_ON_HOST), "The name to log in with."),
                key(
                        "key",
                        text(TextFormat.FILE),
                        "Path of the private key on the machine that runs Holdfast; the usual ones when not given."),
                key("port", ConfigSchema.PORT, "The SSH port; 22 when not given."),
                key(
                        "knownHosts",
                        text(TextFormat.FILE),
                        "Path of the known_hosts file; ~/.ssh/known_hosts when not given."));
    }

    private static ConfigSchema.Switch cluster(List<? extends EngineConfigReader> engines) {
        Map<String, ConfigSchema.ObjectOf> cases = new LinkedHashMap<>();
        for (EngineConfigReader engine : engines) {
            cases.put(
                    engine.name(),
                    keys(key("objectives", objectives(), "What the owner asks for when something fails."))
                            .plus(engine.shape()));
        }
        return new ConfigSchema.Switch("engine", "The kind of database.", cases);
    }

    private static ConfigSchema.ObjectOf drills() {
        return keys(
                key(
                        "enrolled",
                        ConfigSchema.listOf(text(TextFormat.NAME)),
                        "The drills that may be run though environment is production; each still asks for the typed name."),
                key(
                        "overdue",
                        ConfigSchema.SPAN,
                        "After how long drill history warns of a drill that was not run again; 90d when not given."));
    }

    private static ConfigSchema.ObjectOf objectives() {
        return keys(
                key("rpo", ConfigSchema.SPAN, "How much acknowledged work may be lost; 0s means none."),
                key("rto", ConfigSchema.SPAN, "How long writes may be refused."));
    }
}
