package dev.holdfast.cli.scripts;

import dev.holdfast.cli.LiveFolder;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.ServersUser;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Servers of one test, on loopback addresses and in a folder of their own; {@code close} ends and removes them. */
final class TestServers implements AutoCloseable {

    private final Path folder;
    private final String network;
    private final List<Runnable> ends = new ArrayList<>();

    /** The password of the superuser {@code postgres} of each server. */
    static final String PASSWORD = "loose-superuser";

    private static final java.util.logging.Logger QUIET = java.util.logging.Logger.getLogger("");

    TestServers() {
        QUIET.setLevel(java.util.logging.Level.OFF);
        try {
            folder = Files.createTempDirectory("hfl");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        } catch (IOException noFolder) {
            throw new UncheckedIOException(noFolder);
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        network = "127." + random.nextInt(16, 250) + "." + random.nextInt(1, 250) + ".";
    }

    Node node(int number, Node.Kind kind, int port) {
        Host host =
                new Host("h" + number, network + number, "z" + number, "r", new HostAccess.Local(), folder.toString());
        return new Node("loose", "servers", host.name(), kind, host, port, folder + "/" + host.name());
    }

    /** An empty PostgreSQL server that takes passwords by SCRAM only, as Holdfast's own servers do. */
    Node postgres(int number, String... settings) {
        Node node = node(number, Node.Kind.POSTGRES, 5432);
        shell("mkdir " + node.directory() + (ServersUser.isAnother() ? " && chown postgres: " + node.directory() : ""));
        Path password = folder.resolve("password");
        shell("printf %s " + PASSWORD + " >" + password + " && chmod 644 " + password);
        asPostgres(
                "initdb -D " + node.data() + " -U postgres -A scram-sha-256 --pwfile=" + password + " -N >/dev/null");
        StringBuilder conf = new StringBuilder(
                        "listen_addresses = '" + node.host().address() + "'\n")
                .append("unix_socket_directories = ''\nshared_buffers = 16MB\nlogging_collector = off\n");
        for (String setting : settings) {
            conf.append(setting).append('\n');
        }
        shell("cat >>" + node.data() + "/postgresql.conf <<'E'\n" + conf
                + "E\necho 'host all all 127.0.0.0/8 scram-sha-256' >>" + node.data() + "/pg_hba.conf");
        startPostgres(node);
        ends.add(() -> asPostgres("pg_ctl -D " + node.data() + " -m immediate stop >/dev/null || true"));
        return node;
    }

    void startPostgres(Node node) {
        asPostgres("rm -f " + node.data() + "/postmaster.pid; pg_ctl -D " + node.data() + " -l " + node.directory()
                + "/log -w start >/dev/null");
    }

    void killPostgres(Node node) {
        String pid = shell("head -n 1 " + node.data() + "/postmaster.pid").strip();
        shell("kill -9 " + pid + "; for p in $(pgrep -P " + pid + "); do kill -9 $p; done; true");
    }

    String psql(Node node, String sql) {
        return asPostgres("PGPASSWORD=" + PASSWORD + " psql -XAtq -U postgres -h "
                + node.host().address() + " -d postgres -c \"" + sql + "\"");
    }

    private static String asPostgres(String command) {
        return shell("export PATH=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1):$PATH; cd /; "
                + String.join(" ", ServersUser.words("sh", "-c", "'" + command + "'")));
    }

    /** A mongod of a replica set; without authentication. */
    Node mongod(int number, String set) {
        Node node = node(number, Node.Kind.MONGOD, 27017);
        shell("mkdir -p " + node.data());
        startMongod(node, set);
        ends.add(() -> signal(node, "KILL"));
        return node;
    }

    void startMongod(Node node, String set) {
        shell(mongodb() + "/mongod --dbpath " + node.data() + " --replSet " + set + " --bind_ip "
                + node.host().address() + " --port 27017 --fork --logpath " + node.directory() + "/log --pidfilepath "
                + node.directory() + "/pid --wiredTigerCacheSizeGB 0.25 --unixSocketPrefix " + node.directory()
                + " >/dev/null");
    }

    void signal(Node node, String signal) {
        shell("kill -" + signal + " $(cat " + node.directory() + "/pid) 2>/dev/null || true");
    }

    /** The folder that holds mongod: one of those that scripts/setup names, or one on PATH. */
    private static String mongodb() {
        String folders = RealEstate.servers() + ":" + System.getenv().getOrDefault("PATH", "");
        return Stream.of(folders.split(":"))
                .filter(f -> !f.isEmpty() && Files.isExecutable(Path.of(f, "mongod")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no mongod in " + folders));
    }

    static String shell(String script) {
        try {
            Process process = new ProcessBuilder("sh", "-c", script)
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes());
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(script + ": " + out);
            }
            return out;
        } catch (IOException | InterruptedException broken) {
            throw new IllegalStateException(broken);
        }
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        ends.forEach(Runnable::run);
        try (Stream<Path> all = LiveFolder.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
