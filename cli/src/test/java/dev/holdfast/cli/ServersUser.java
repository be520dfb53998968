package dev.holdfast.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The users that servers run as: {@code postgres} or {@code mongodb} where a test runs as root, else the user that runs the test.
 */
public final class ServersUser {

    private static final boolean ROOT = System.getProperty("user.name").equals("root");

    private ServersUser() {}

    public static boolean isAnother() {
        return ROOT;
    }

    /** The name of the user of a mongod or mongos. */
    public static String ofMongo() {
        return ROOT ? "mongodb" : System.getProperty("user.name");
    }

    /** Skips a unit test of root on a machine on which nothing is installed yet. */
    public static void mustExist(String user) throws IOException {
        boolean exists =
                !ROOT || Files.readAllLines(Path.of("/etc/passwd")).stream().anyMatch(l -> l.startsWith(user + ":"));
        assumeTrue(exists, "this needs the user " + user + ", which scripts/setup creates");
    }

    /** The words of a command line that the user of PostgreSQL runs. */
    public static List<String> words(String... command) {
        return as("postgres", command);
    }

    /** The words of a command line that the user of MongoDB runs. */
    public static List<String> mongoWords(String... command) {
        return as("mongodb", command);
    }

    /** Gives a file or an empty folder to the user of MongoDB. */
    public static void giveToMongo(Path path) throws IOException {
        Files.setOwner(
                path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(ofMongo()));
    }

    private static List<String> as(String user, String... command) {
        return Stream.concat(ROOT ? Stream.of("runuser", "-u", user, "--") : Stream.of(), Stream.of(command))
                .toList();
    }

    /** The program of a process. Its owner reads the link: root without CAP_SYS_PTRACE, as in a container, cannot. */
    public static Path programOf(long pid) throws IOException {
        String owner = Files.getOwner(Path.of("/proc/" + pid)).getName();
        Process link = new ProcessBuilder(as(owner, "readlink", "-f", "/proc/" + pid + "/exe"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return Path.of(new String(link.getInputStream().readAllBytes()).strip());
    }

    /**
     * Removes the lock files of a server's processes that were killed and are zombies, as an operator does before a start by hand:
     * in a container whose first process is no init they stay, and PostgreSQL and PgBouncer take them for alive.
     *
     * @param server its folder
     */
    public static boolean removeLocksOfEnded(Path server) throws IOException {
        List<Path> locks =
                new ArrayList<>(List.of(server.resolve("data/postmaster.pid"), server.resolve("run/pgbouncer.pid")));
        try (Stream<Path> sockets = Files.list(server.resolve("run"))) {
            sockets.filter(f -> f.getFileName().toString().matches("\\.s\\.PGSQL\\..*\\.lock"))
                    .forEach(locks::add);
        }
        for (Path lock : locks) {
            try {
                String pid = Files.readAllLines(lock).get(0);
                if (Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ")) {
                    Files.deleteIfExists(lock);
                }
            } catch (IOException | IndexOutOfBoundsException gone) {
                continue;
            }
        }
        return true;
    }

    /**
     * The processes that work in a server's data folder, and their programs. The servers' user is asked, because root without
     * CAP_SYS_PTRACE, as in a container, cannot tell where another user's process works.
     */
    public static List<String> processesIn(Path data) throws IOException {
        Process process = new ProcessBuilder(words(
                        "sh",
                        "-c",
                        "cd / && for p in /proc/[0-9]*; do"
                                + " [ ! \"$p/cwd\" -ef \"$1\" ] || echo \"${p#/proc/} $(readlink \"$p/exe\")\"; done",
                        "processes",
                        data.toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        return new ArrayList<>(
                new String(process.getInputStream().readAllBytes()).lines().toList());
    }
}
