package dev.holdfast.cli.hands;

import dev.holdfast.model.Exit;
import dev.holdfast.model.Secret;
import dev.holdfast.model.Trouble;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The only place where values of secrets exist: read from where the topology says, or made once and kept 0600. */
public final class Secrets {

    private static final int BYTES = 24;
    private static final int KEYFILE_BYTES = 570;
    /** Shorter values are not looked for in texts: they would blot out innocent words. */
    private static final int SHORTEST_HIDDEN = 6;

    private final Path folder;
    private final Map<String, Secret.Source> sources;
    private final Map<String, String> environment;
    private final boolean mayMake;
    private final Map<String, String> values = new ConcurrentHashMap<>();

    /**
     * @param folder where generated secrets of this estate are kept
     * @param mayMake false for reading commands: a missing secret is then unknown instead of made
     */
    public Secrets(Path folder, Map<String, Secret.Source> sources, Map<String, String> environment, boolean mayMake) {
        this.folder = folder;
        this.sources = sources;
        this.environment = environment;
        this.mayMake = mayMake;
    }

    /** @throws Trouble when its source does not have it */
    String value(Secret secret) {
        return values.computeIfAbsent(secret.name(), name -> find(name, sources.get(name)));
    }

    /** The text with every value that was used so far replaced by its name. */
    String hide(String text) {
        String hidden = text;
        for (Map.Entry<String, String> known : values.entrySet()) {
            if (known.getValue().length() >= SHORTEST_HIDDEN) {
                hidden = hidden.replace(known.getValue(), "<secret " + known.getKey() + ">");
            }
        }
        return hidden;
    }

    private String find(String name, Secret.Source source) {
        if (source instanceof Secret.Source.Env env) {
            String value = environment.get(env.variable());
            if (value == null || value.isEmpty()) {
                throw unknown(
                        name, "the environment variable " + env.variable() + " is not set", "set it and run again");
            }
            return value;
        }
        if (source instanceof Secret.Source.File file) {
            try {
                return Files.readString(Path.of(file.path())).replaceFirst("\\R\\z", "");
            } catch (IOException | RuntimeException unreadable) {
                throw unknown(
                        name, "its file " + file.path() + " cannot be read", "check the path and its permissions");
            }
        }
        return generated(name);
    }

    private String generated(String name) {
        Path file = folder.resolve(name.replace('/', '.'));
        try {
            if (Files.exists(file)) {
                return Files.readString(file);
            }
            if (!mayMake) {
                throw unknown(
                        name,
                        "it was not made on this machine (" + file + ")",
                        "run where the estate was applied, or name its source under secrets: in the topology");
            }
            return keep(file, fresh(name));
        } catch (IOException broken) {
            throw unknown(name, "cannot use " + file + ": " + broken.getMessage(), "check the folder's permissions");
        }
    }

    private static String keep(Path file, String value) throws IOException {
        Files.createDirectories(
                file.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path draft = Files.createTempFile(
                file.getParent(),
                ".new",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, value);
        try {
            Files.createLink(file, draft);
            return value;
        } catch (FileAlreadyExistsException another) {
            return Files.readString(file);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static String fresh(String name) {
        byte[] bytes = new byte[name.endsWith("/keyfile") ? KEYFILE_BYTES : BYTES];
        new SecureRandom().nextBytes(bytes);
        Base64.Encoder encoder = name.endsWith("/keyfile") ? Base64.getEncoder() : Base64.getUrlEncoder();
        return encoder.withoutPadding().encodeToString(bytes);
    }

    private static Trouble unknown(String name, String why, String hint) {
        return new Trouble(Exit.REFUSED, "secret " + name, why, hint);
    }
}
