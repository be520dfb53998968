package dev.holdfast.engine;

import static dev.holdfast.engine.Shape.either;
import static dev.holdfast.engine.Shape.key;
import static dev.holdfast.engine.Shape.keys;
import static dev.holdfast.engine.Shape.must;
import static dev.holdfast.engine.Shape.text;
import static dev.holdfast.engine.Shape.words;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shape of a whole topology file. */
public final class EstateShape {

    private EstateShape() {}

    public static Shape.Keys of(List<Engine> engines) {
        return keys(
                must("apiVersion", words("holdfast.dev/v1"), "The version of this file's form."),
                must("name", text(Spelling.NAME), "The estate's name; it marks every folder that belongs to it."),
                key(
                        "environment",
                        words("lab", "staging", "production"),
                        "What the estate is for; only a lab may be destroyed, production (when not given) asks for the typed name before risky acts."),
                key(
                        "directory",
                        text(Spelling.FOLDER),
                        "Absolute folder on every host under which all of the estate lives; /var/lib/holdfast/<name> when not given."),
                must(
                        "hosts",
                        new Shape.Named(text(Spelling.HOST), host(), 1),
                        "The machines, by the names that the rest of the file uses."),
                must("clusters", new Shape.Named(text(Spelling.NAME), cluster(engines), 1), "The databases, by name."),
                key("drills", drills(), "What may be broken on purpose, and how often it should be."),
                key(
                        "secrets",
                        Shape.named(Spelling.SECRET_NAME, text(Spelling.SECRET_SOURCE)),
                        "Where secrets come from: env:NAME, file:/path or generated; one that is not named here is generated, kept with mode 0600."));
    }

    private static Shape.Keys host() {
        return keys(
                key(
                        "address",
                        text(Spelling.ADDRESS),
                        "The IPv4 address or DNS name that databases and clients reach the host by; the host's name when not given."),
                key("zone", text(Spelling.ZONE), "The failure domain the host shares power and network with."),
                key("region", text(Spelling.ZONE), "The site the zone belongs to."),
                must(
                        "reach",
                        either(
                                words("local"),
                                keys(must("ssh", ssh(), "By SSH with a key; the host key must be known."))),
                        "How Holdfast gets a shell on the host: local (this machine), or ssh."),
                key("directory", text(Spelling.FOLDER), "Absolute folder on this host; the estate's when not given."));
    }

    private static Shape.Keys ssh() {
        return keys(
                must("user", text(Spelling.USER_ON_HOST), "The name to log in with."),
                key(
                        "key",
                        text(Spelling.FILE),
                        "Path of the private key on the machine that runs Holdfast; the usual ones when not given."),
                key("port", Shape.PORT, "The SSH port; 22 when not given."),
                key(
                        "knownHosts",
                        text(Spelling.FILE),
                        "Path of the known_hosts file; ~/.ssh/known_hosts when not given."));
    }

    private static Shape.Switch cluster(List<Engine> engines) {
        Map<String, Shape.Keys> cases = new LinkedHashMap<>();
        for (Engine engine : engines) {
            cases.put(
                    engine.name(),
                    keys(key("objectives", objectives(), "What the owner asks for when something fails."))
                            .plus(engine.shape()));
        }
        return new Shape.Switch("engine", "The kind of database.", cases);
    }

    private static Shape.Keys drills() {
        return keys(
                key(
                        "enrolled",
                        Shape.listOf(text(Spelling.NAME)),
                        "The drills that may be run though environment is production; each still asks for the typed name."),
                key(
                        "overdue",
                        Shape.SPAN,
                        "After how long drill history warns of a drill that was not run again; 90d when not given."));
    }

    private static Shape.Keys objectives() {
        return keys(
                key("rpo", Shape.SPAN, "How much acknowledged work may be lost; 0s means none."),
                key("rto", Shape.SPAN, "How long writes may be refused."));
    }
}
