package dev.holdfast.cli.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A member with a tablespace is copied again: what it had there is kept next to the folder, and the folder is empty for the copy. */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TablespaceCloneTest {

    private Fleet fleet;
    private RealEstate estate;

    @BeforeAll
    void two_hosts_with_a_tablespace() throws Exception {
        fleet = Fleet.of("a1", "b1");
        estate = RealEstate.onHosts("""
                apiVersion: holdfast.dev/v1
                name: spaces
                environment: lab
                """ + fleet.lines("root") + """
                clusters:
                  payments:
                    engine: postgresql
                    durability: protect
                    afterFailover: serve
                    primary: a1
                    standbys: { b1: sync }
                    settings: { shared_buffers: 16MB, max_wal_size: 256MB }
                """, fleet.network());
        succeeds("apply", "--yes");
        for (String host : List.of("a1", "b1")) {
            Fleet.does("install -d -m 700 -o postgres -g postgres " + space(host));
        }
        sql("a1", "CREATE TABLESPACE fast LOCATION '" + fleet.sharedName().resolve("fast") + "'");
        sql("a1", "CREATE TABLE t TABLESPACE fast AS SELECT g AS n FROM generate_series(1, 1000) g");
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        if (estate != null) {
            estate.close();
        }
        if (fleet != null) {
            fleet.close();
        }
    }

    private Path space(String host) {
        return fleet.host(host).privateFolder().resolve("fast");
    }

    private Path server(String host) {
        return fleet.host(host).folder().resolve(host + "/payments/servers");
    }

    private Ended succeeds(String... words) {
        Ended ended = estate.run(words);
        assertThat(ended.exit()).as(String.join(" ", words) + ": " + ended).isZero();
        return ended;
    }

    private String sql(String host, String sql) throws SQLException, IOException {
        String url =
                "jdbc:postgresql://" + fleet.host(host).address() + ":5432/postgres?connectTimeout=5&socketTimeout=30";
        try (Connection client = DriverManager.getConnection(url, "postgres", estate.secret("payments.admin"));
                Statement statement = client.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet rows = statement.getResultSet()) {
                return rows.next() ? rows.getString(1) : "";
            }
        }
    }

    private List<String> below(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private void stop(String host) throws IOException, InterruptedException {
        Path pidFile = server(host).resolve("data/postmaster.pid");
        // the host has a process list of its own, and the kernel's list has another number for the process
        Fleet.does("for pid in $(ip netns pids " + fleet.host(host).namespace() + "); do"
                + " if grep -qa postgres /proc/$pid/comm; then kill -QUIT $pid 2>/dev/null || true; fi; done");
        Patience.until("the server of " + host + " has ended", () -> {
            try {
                sql(host, "SELECT 1");
                return false;
            } catch (SQLException gone) {
                return true;
            }
        });
        Files.deleteIfExists(pidFile);
    }

    private void follows() throws Exception {
        sql("a1", "INSERT INTO t VALUES (0)");
        Patience.until(
                "b1 has the rows of the tablespace",
                () -> sql("b1", "SELECT count(*) FROM t").equals(sql("a1", "SELECT count(*) FROM t")));
        assertThat(succeeds("plan", "--detailed-exitcode").out()).contains("nothing to do");
    }

    @Test
    void a_member_is_copied_again_and_what_it_had_in_the_tablespace_is_kept() throws Exception {
        sql("b1", "SELECT pg_promote(true, 60)");
        stop("b1");
        Files.writeString(
                server("b1").resolve("rewind"), "from elsewhere\n"); // a rewind that has not ended: only a copy helps
        Ended rejoined = estate.run("rejoin", "payments/servers/b1", "--accept-data-loss", "--yes");
        assertThat(rejoined.exit()).as(rejoined.toString()).isZero();
        follows();
        List<String> kept = below(space("b1").getParent());
        assertThat(kept).hasSize(2).contains("fast");
        assertThat(below(space("b1").getParent().resolve(kept.get(1))))
                .as("kept next to its folder")
                .hasSize(1)
                .allMatch(f -> f.startsWith("PG_"));
    }

    @Test
    void an_interrupted_copy_is_begun_again() throws Exception {
        stop("b1");
        Path data = server("b1").resolve("data");
        Fleet.does("cd " + server("b1") + " && mkdir -m 700 data.new && cp -a data/pg_tblspc data.new/"
                + " && chown -R postgres data.new && rm -rf data");
        assertThat(below(space("b1"))).as("half of a copy").isNotEmpty();
        succeeds("apply", "--yes");
        assertThat(data).exists();
        follows();
    }
}
