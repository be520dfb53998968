package dev.holdfast.cli.exec;

import dev.holdfast.cli.files.AtomicFile;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.SecretRef;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The only place with the values of secrets: read from the declared source, or generated once and kept with mode 0600. */
public final class SecretStore {

    /** Permissions that a secret's file must not give. A group may read it: service accounts share secrets that way. */
    private static final Set<PosixFilePermission> OPEN =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private static final int BYTES = 24;
    private static final int KEYFILE_BYTES = 570;
    /** Shorter values are not replaced in texts, because they would also hide ordinary words. */
    private static final int SHORTEST_HIDDEN = 6;

    private final Path folder;
    private final Map<String, SecretRef.Source> sources;
    private final Map<String, String> environment;
    private final boolean mayMake;
    private final Map<String, String> values;

    /**
     * @param folder the directory of this estate's generated secrets
     * @param mayMake false for commands that only observe: a missing secret is then unknown and not generated
     */
    public SecretStore(
            Path folder, Map<String, SecretRef.Source> sources, Map<String, String> environment, boolean mayMake) {
        this(folder, sources, environment, mayMake, new ConcurrentHashMap<>());
    }

    private SecretStore(
            Path folder,
            Map<String, SecretRef.Source> sources,
            Map<String, String> environment,
            boolean mayMake,
            Map<String, String> values) {
        this.folder = folder;
        this.sources = sources;
        this.environment = environment;
        this.mayMake = mayMake;
        this.values = values;
    }

    /**
     * Returns the same secrets without generation. An observation or a login with a new secret would only show that servers do
     * not know it, and the new secret would hide that the right one is lost.
     */
    public SecretStore known() {
        return new SecretStore(folder, sources, environment, false, values);
    }

    /** @throws HoldfastException when the source does not have the secret */
    public String value(SecretRef secret) {
        return values.computeIfAbsent(secret.name(), name -> find(name, sources.get(name)));
    }

    /** Returns the text for people, with every value used so far replaced by its name. */
    public String hide(String text) {
        return hide(text, SHORTEST_HIDDEN);
    }

    /** Returns the same for text that is parsed: a short password, such as "primary", is also a word that servers use. */
    public String hideLong(String text) {
        return hide(text, BYTES);
    }

    private String hide(String text, int shortest) {
        String hidden = text;
        for (Map.Entry<String, String> known : values.entrySet()) {
            if (known.getValue().length() >= shortest) {
                String name = "<secret " + known.getKey() + ">";
                hidden = hidden.replace(known.getValue(), name).replace(inRecord(known.getValue()), name);
            }
        }
        return hidden;
    }

    /** Returns the form of a value inside a record that a script prints. */
    private static String inRecord(String value) {
        return value.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\t", "\\t")
                .replace("\n", "\\n");
    }

    private String find(String name, SecretRef.Source source) {
        if (source instanceof SecretRef.Source.Env env) {
            String value = environment.get(env.variable());
            if (value == null || value.isEmpty()) {
                throw unknown(
                        name,
                        "the environment variable " + env.variable() + " is not set",
                        "set the variable, then run " + "the command again");
            }
            return value;
        }
        if (source instanceof SecretRef.Source.File file) {
            try {
                checked(name, Path.of(file.path()));
                return Files.readString(Path.of(file.path())).replaceFirst("\\R\\z", "");
            } catch (HoldfastException open) {
                throw open;
            } catch (IOException | RuntimeException unreadable) {
                throw unknown(
                        name, "the file " + file.path() + " cannot be read", "check the path and its permissions");
            }
        }
        return generated(name);
    }

    private String generated(String name) {
        Path file = folder.resolve(name.replace('/', '.'));
        try {
            folderChecked(name);
            if (Files.exists(file)) {
                checked(name, file);
                return Files.readString(file);
            }
            if (!mayMake) {
                throw unknown(
                        name,
                        "there is no such secret on this machine (" + file + ")",
                        "run on the machine where the estate was applied, or copy its secrets to " + folder
                                + ", or declare their sources under secrets: in the topology"
                                + (name.contains("/users/")
                                        ? "; to set a new password, write it to " + file
                                                + " (mode 0600), then holdfast apply"
                                        : ""));
            }
            return store(file, fresh(name));
        } catch (IOException broken) {
            throw unknown(
                    name,
                    "the file " + file + " cannot be used: " + AtomicFile.reason(broken),
                    "df -h " + folder + " && ls -la " + folder);
        }
    }

    /** Rejects a file that others can read or replace. Pipes and devices are as the shell made them. */
    private static void checked(String name, Path file) throws IOException {
        Path real = file.toRealPath();
        if (!Files.isRegularFile(real)) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(real);
        if (permissions.stream().anyMatch(OPEN::contains)) {
            throw unknown(
                    name,
                    "the file " + real + " has mode " + PosixFilePermissions.toString(permissions)
                            + ", so other users can read or change it",
                    "chmod 600 " + real);
        }
    }

    /** Rejects a directory in which others can replace a secret by one of their own. */
    private void folderChecked(String name) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
        if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw unknown(
                    name,
                    "the directory " + folder + " has mode " + PosixFilePermissions.toString(permissions)
                            + ", so other users can replace the secrets in it",
                    "chmod 700 " + folder);
        }
    }

    private static String store(Path file, String value) throws IOException {
        createFolder(file.getParent());
        Path clusterConfig = Files.createTempFile(
                file.getParent(),
                ".new",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            AtomicFile.synced(clusterConfig, value);
            Files.createLink(file, clusterConfig);
            AtomicFile.syncFolder(file.getParent());
            return value;
        } catch (FileAlreadyExistsException another) {
            return Files.readString(file);
        } finally {
            Files.deleteIfExists(clusterConfig);
        }
    }

    /** Creates a directory and its parents for this user only, and fsyncs their names. */
    private static void createFolder(Path folder) throws IOException {
        Path made = folder.toAbsolutePath();
        List<Path> changed = new ArrayList<>();
        while (!Files.exists(made)) {
            made = made.getParent();
            changed.add(made);
        }
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (Path parent : changed) {
            if (Files.isReadable(parent)) { // a directory that gives no right to read cannot be fsynced
                AtomicFile.syncFolder(parent);
            }
        }
    }

    private static String fresh(String name) {
        byte[] bytes = new byte[name.endsWith("/keyfile") ? KEYFILE_BYTES : BYTES];
        new SecureRandom().nextBytes(bytes);
        Base64.Encoder encoder = name.endsWith("/keyfile") ? Base64.getEncoder() : Base64.getUrlEncoder();
        return encoder.withoutPadding().encodeToString(bytes);
    }

    private static HoldfastException unknown(String name, String why, String hint) {
        return new HoldfastException(ExitCode.REFUSED, "secret " + name, why, hint);
    }
}
