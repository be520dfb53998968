package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate.Ended;
import dev.holdfast.cli.ServersUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Keys of one live trio change under a light write load: apply, then an empty plan, or the documented refusal. No acknowledged
 * write is lost.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class RealPostgresChangesTest {

    private static final String TOPOLOGY = RealTrio.TOPOLOGY
            .replace("objectives: { rpo: 0s, rto: 2m }", "objectives: { rpo: 5m, rto: 2m }")
            .replace("durability: protect\n    afterFailover: serve", "durability: available")
            .replace("proxy: [ a1, b1 ]", "proxy: [ { host: a1 }, { host: b1 } ]");

    private RealTrio trio;
    private Writer writer;

    /** Writes numbers through the proxy on b1, one after another, and keeps those that were acknowledged. */
    private static final class Writer implements Runnable {
        private final RealTrio trio;
        private final TreeSet<String> acknowledged = new TreeSet<>();
        private volatile boolean isOver;

        Writer(RealTrio trio) {
            this.trio = trio;
        }

        @Override
        public void run() {
            int n = 0;
            while (!isOver) {
                try (Connection connection = trio.admin("b1", RealTrio.WRITES)) {
                    while (!isOver) {
                        n++;
                        RealTrio.ask(connection, "INSERT INTO written VALUES ('" + n + "')");
                        synchronized (acknowledged) {
                            acknowledged.add(Integer.toString(n));
                        }
                        Thread.sleep(20);
                    }
                } catch (SQLException | IOException | InterruptedException refused) {
                    n++; // not acknowledged
                }
            }
        }
    }

    private static String text(String from, String to) {
        assertThat(TOPOLOGY).contains(from);
        return TOPOLOGY.replace(from, to);
    }

    /** Applies a file, with an empty plan afterwards. */
    private List<String> changes(String text) throws IOException, SQLException {
        trio.estate.rewrite(text);
        List<String> titles = trio.titles();
        assertThat(titles).isNotEmpty();
        trio.applied();
        trio.settled();
        List<String> acknowledged;
        synchronized (writer.acknowledged) {
            acknowledged = List.copyOf(writer.acknowledged);
        }
        TreeSet<String> missing = new TreeSet<>(acknowledged);
        missing.removeAll(trio.ask("a1", "SELECT n FROM written"));
        assertThat(missing)
                .as("acknowledged writes that are lost after " + titles)
                .isEmpty();
        return titles;
    }

    private void isRefused(String text, String what, String hint) throws IOException {
        trio.estate.rewrite(text);
        for (String command : List.of("plan", "apply --yes")) {
            Ended refused = trio.estate.run(command.split(" "));
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
            assertThat(refused.err()).contains(what).contains(hint);
        }
        assertThat(trio.estate.changes()).isZero();
        trio.estate.rewrite(TOPOLOGY);
        trio.settled();
    }

    @BeforeAll
    void a_trio_is_created_and_written_to() throws IOException, SQLException {
        trio = new RealTrio(TOPOLOGY);
        trio.applied();
        trio.ask("a1", "CREATE TABLE written (n text PRIMARY KEY)");
        writer = new Writer(trio);
        Thread thread = new Thread(writer, "writer");
        thread.setDaemon(true);
        thread.start();
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        writer.isOver = true;
        trio.close();
    }

    @Test
    @Order(1)
    void what_running_servers_take_is_applied_live() throws IOException, SQLException {
        String all = text("work_mem: 4MB", "work_mem: 6MB")
                .replace("pg_read_all_data", "pg_write_all_data")
                .replace(
                        "durability: available",
                        "durability: available\n    clients: [ 127.9.0.0/24 ]\n    database: ledger")
                .replace("{ host: a1 }, { host: b1 }", "{ host: a1, readPort: 5051 }, { host: b1 }");
        assertThat(changes(all)).noneMatch(t -> t.startsWith("Restart"));
        assertThat(changes(TOPOLOGY)).noneMatch(t -> t.startsWith("Restart"));
    }

    @Test
    @Order(2)
    void a_standby_becomes_asynchronous_and_synchronous_again() throws IOException, SQLException {
        changes(text("{ b1: sync }", "{ b1: async }").replace("durability: available", "durability: fast"));
        changes(TOPOLOGY);
    }

    @Test
    @Order(3)
    void a_name_an_address_and_a_directory_are_refused_with_the_way_to_do_it() throws IOException {
        Path elsewhere = trio.estate.folder().resolve("elsewhere");
        isRefused(
                text("b1: { address: 127.0.1.2", "b1: { address: 127.0.1.12"),
                "payments/servers/b1: the server listens on address " + trio.address("b1") + ", desired "
                        + trio.estate.address(12),
                "or stop the server (pg_ctl stop -D " + trio.directory("b1").resolve("data"));
        isRefused(
                text("a1: { address: 127.0.1.1", "a1: { address: 127.0.1.11"),
                "payments/servers/a1: the server listens on address " + trio.address("a1"),
                "holdfast switchover payments makes the server a standby");
        isRefused(
                text("{ b1: sync }", "{ b1: { mode: sync, directory: " + elsewhere + " } }"),
                "payments/servers/b1: the server runs in the directory " + trio.directory("b1") + ", desired "
                        + elsewhere,
                "or stop the server, move that directory to " + elsewhere);
        isRefused(
                text("  payments:", "  orders:"),
                "is used by payments/servers/a1",
                "declare payments/servers/a1 again, because clusters, sets and hosts with servers keep their names");
        isRefused(
                text("name: trio-test", "name: another"),
                "belongs to payments/servers/a1 of the estate trio-test",
                "declare name: trio-test again");
    }

    /** A removed user, proxy or standby is never silently kept. */
    @Test
    @Order(4)
    void what_is_no_longer_declared_is_named() throws IOException {
        trio.estate.rewrite(text("    users:\n      clerk: { roles: [ pg_read_all_data ] }\n", ""));
        assertThat(trio.estate.run("plan").out()).contains("roles that may log in and are not declared: clerk");
        trio.estate.rewrite(text("{ host: a1 }, { host: b1 }", "{ host: b1 }"));
        Ended removed = trio.estate.run("plan", "--detailed-exitcode");
        assertThat(removed.exit()).as(removed.toString()).isEqualTo(2);
        assertThat(removed.err())
                .contains("open: payments/proxies/a1: the server runs in " + trio.proxyDirectory("a1")
                        + " on a1 and is not declared")
                .contains("kill -INT ");
        trio.estate.rewrite(text("    dr: { d1: async }\n", ""));
        removed = trio.estate.run("plan", "--detailed-exitcode");
        assertThat(removed.exit()).as(removed.toString()).isEqualTo(2);
        assertThat(removed.err()).contains("open: payments/servers/d1: the server runs in ");
        trio.estate.rewrite(TOPOLOGY);
        trio.settled();
    }

    /** The copied programs are the same version; their other path is a difference that a rolling restart ends. */
    @Test
    @Order(5)
    @Tag("long")
    void other_binaries_are_a_difference_and_restart_the_primary_last() throws IOException, SQLException {
        Path programs = programs();
        Path copy = copied("pg", programs);
        String other = text("engine: postgresql", "engine: postgresql\n    binaries: " + copy);
        List<String> titles = changes(other);
        assertThat(titles.stream().filter(t -> t.startsWith("Restart ")))
                .hasSize(3)
                .last()
                .isEqualTo("Restart a1");
        assertThat(changes(TOPOLOGY.replace("engine: postgresql", "engine: postgresql\n    binaries: " + programs)))
                .contains("Restart a1");
    }

    /** Only the server on the host with other programs restarts; preflight and plan compare its version with the declared one. */
    @Test
    @Order(5)
    void other_binaries_of_one_host_restart_only_its_member() throws IOException, SQLException {
        Path programs = programs();
        Path copy = copied("own", programs);
        String line = hostLine(TOPOLOGY, "b1");
        String own = TOPOLOGY.replace(line, line.replace("}", ", binaries: { postgresql: " + copy + " } }"));
        String[] version = trio.ask("a1", "SHOW server_version").get(0).split("[. ]");
        String exact = version[0] + "." + version[1];

        trio.estate.rewrite(own.replace("engine: postgresql", "engine: postgresql\n    version: \"" + exact + "9\""));
        for (String command : List.of("plan", "apply --yes")) {
            Ended refused = trio.estate.run(command.split(" "));
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
            assertThat(refused.err())
                    .contains("payments/servers/b1: PostgreSQL " + exact + " in " + copy
                            + " on b1 is not the declared version " + exact + "9")
                    .contains("HINT: install PostgreSQL " + exact + "9 there, name its directory with binaries:");
        }
        assertThat(trio.estate.changes()).isZero();
        assertThat(trio.estate.run("preflight").out())
                .contains(copy + "/postgres is not of the declared version: " + exact + " (" + copy + "/postgres)");
        assertThat(trio.estate.run("status").out())
                .contains("b1: the server runs PostgreSQL " + exact + ", declared version " + exact + "9");

        List<String> titles =
                changes(own.replace("engine: postgresql", "engine: postgresql\n    version: \"" + exact + "\""));
        assertThat(titles).containsExactly("Restart b1");
        assertThat(program("b1")).isEqualTo(copy.toRealPath());
        assertThat(program("a1")).isEqualTo(programs);
        assertThat(changes(TOPOLOGY.replace(line, line.replace("}", ", binaries: { postgresql: " + programs + " } }"))))
                .containsExactly("Restart b1");
        trio.estate.rewrite(TOPOLOGY);
        trio.settled();
    }

    private static String hostLine(String text, String host) {
        return text.lines()
                .filter(l -> l.strip().startsWith(host + ": {"))
                .findFirst()
                .orElseThrow();
    }

    private Path program(String member) throws IOException {
        String pid = Files.readAllLines(trio.directory(member).resolve("data/postmaster.pid"))
                .get(0);
        return ServersUser.programOf(Long.parseLong(pid.strip())).getParent();
    }

    /** PostgreSQL finds its libraries from the place of its program, so the copy has the same tree around it. */
    private Path copied(String folder, Path programs) throws IOException {
        Path tree = trio.estate.folder().resolve(folder);
        Path copy = Files.createDirectories(
                tree.resolve("usr").resolve(Path.of("/usr").relativize(programs)));
        Files.createSymbolicLink(copy.resolveSibling("lib"), programs.resolveSibling("lib"));
        Files.createSymbolicLink(tree.resolve("usr/share"), Path.of("/usr/share"));
        try (Stream<Path> all = Files.list(programs)) {
            for (Path program : all.toList()) {
                Files.copy(program.toRealPath(), copy.resolve(program.getFileName()));
            }
        }
        return copy;
    }

    private Path programs() throws IOException {
        return program("a1");
    }

    /** The way that the refusal names: at its end nothing is to do. */
    @Test
    @Order(6)
    @Tag("long")
    void a_standby_moves_to_another_directory_and_address_as_the_hints_say() throws Exception {
        Path next = trio.estate.folder().resolve("elsewhere");
        Path former = trio.directory("d1");
        new ProcessBuilder("sh", "-c", "kill -INT $(head -n 1 " + former.resolve("data/postmaster.pid") + ")")
                .start()
                .waitFor();
        Patience.until(
                "d1 has stopped", Duration.ofSeconds(60), () -> !Files.exists(former.resolve("data/postmaster.pid")));
        Files.move(former, next);
        changes(text("{ d1: async }", "{ d1: { mode: async, directory: " + next + " } }")
                .replace("d1: { address: 127.0.1.4", "d1: { address: 127.0.1.14"));
    }
}
