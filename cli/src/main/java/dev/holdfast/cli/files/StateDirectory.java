package dev.holdfast.cli.files;

import dev.holdfast.model.HostAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The state on the operator's machine: generated secrets and the ledgers of runs, with one directory per estate under
 * HOLDFAST_HOME, else XDG_STATE_HOME/holdfast, else ~/.local/state/holdfast. It works without HOME.
 */
public final class StateDirectory {

    /** Created for the first run; commands that only observe create none. */
    private static final class Stamp {
        static final DateTimeFormatter FORMAT =
                DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    }

    private final Path home;

    public StateDirectory(Map<String, String> environment) {
        this.home = home(environment);
    }

    private static Path home(Map<String, String> environment) {
        String own = environment.getOrDefault("HOLDFAST_HOME", "");
        if (!own.isEmpty()) {
            return Path.of(own).toAbsolutePath();
        }
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = state.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "state") : Path.of(state);
        return base.resolve("holdfast");
    }

    /**
     * Returns an estate's default directory on a host, for root and for other users. The home of another user is not known here, so it is
     * assumed below /home. Without a declared login, the SSH client configuration decides it, and the operator's own name counts.
     */
    public static String defaultDirectory(String estate, HostAccess reach) {
        String user = System.getProperty("user.name");
        String home = System.getProperty("user.home");
        if (reach instanceof HostAccess.Ssh ssh) {
            if (ssh.isBySudo()) {
                user = "root";
            } else if (!ssh.user().isEmpty() && !ssh.user().equals(user)) {
                user = ssh.user();
                home = "/home/" + user;
            }
        }
        return user.equals("root") ? "/var/lib/holdfast/" + estate : home + "/.local/share/holdfast/" + estate;
    }

    public Path estate(String name) {
        return home.resolve(name);
    }

    public Path secrets(String estate) {
        return estate(estate).resolve("secrets");
    }

    /** Removes the generated secrets of a destroyed estate; its ledgers stay as evidence. */
    public void forgetSecrets(String estate) throws IOException {
        Path folder = secrets(estate);
        if (!Files.isDirectory(folder)) {
            return;
        }
        boolean isEmpty = true;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    isEmpty = false; // Holdfast creates none there
                } else {
                    Files.delete(file);
                }
            }
        }
        if (isEmpty) {
            Files.delete(folder);
        }
    }

    /** Returns the path of a new ledger; the run's directory is named after its start time and command. */
    public Path ledger(String estate, String command, Instant began) {
        return estate(estate)
                .resolve("runs")
                .resolve(Stamp.FORMAT.format(began) + "-" + command)
                .resolve("ledger.jsonl");
    }
}
