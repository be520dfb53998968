package dev.holdfast.cli.ssh;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** A whole estate of both engines on hosts that are reached by SSH, each with an address and processes of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class SshEstateTest {

    private static final int WRITES = 5000;
    /** One, and the repository's; on a busy machine a question may come too late to join the others. */
    private static final int MOST_BY_STATUS = 3;

    private static final int MOST_BY_PLAN = 4;

    private Fleet fleet;
    private RealEstate estate;

    @BeforeAll
    void four_hosts() throws Exception {
        fleet = Fleet.of("a1", "b1", "c1", "d1");
        estate = RealEstate.onHosts(topology(), fleet.network());
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

    private String topology() {
        String mongod = Arrays.stream(RealEstate.servers().split(":"))
                .filter(folder -> Files.isExecutable(Path.of(folder, "mongod")))
                .findFirst()
                .map(folder -> "\n    binaries: " + folder)
                .orElse("");
        return """
                apiVersion: holdfast.dev/v1
                name: ssh-estate
                environment: lab
                """ + fleet.lines("root") + """
                clusters:
                  notes:
                    engine: mongodb""" + mongod + """

                    objectives: { rpo: 0s, rto: 1m }
                    replicaSet: [ a1, b1, c1 ]
                    settings:
                      storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
                      storage.wiredTiger.engineConfig.configString: "log=(file_max=8MB,prealloc=false)"
                  payments:
                    engine: postgresql
                    objectives: { rpo: 0s, rto: 2m }
                    durability: protect
                    primary: a1
                    standbys: { b1: sync }
                    dr: { d1: async }
                    proxy: [ c1, d1 ]
                    backup: { full: weekly, archive: continuous, repository: { host: c1, path: /var/lib/holdfast/backup } }
                    settings: { shared_buffers: 16MB, max_wal_size: 256MB }
                """;
    }

    private Ended does(String... words) {
        Ended ended = estate.run(words);
        assertThat(ended.exit()).as(String.join(" ", words) + ": " + ended).isZero();
        return ended;
    }

    private void isAsDeclared() {
        estate.settled();
        estate.whenHealthy();
    }

    /** Sends a statement to the primary, through the proxy of c1. */
    private String write(String sql) throws SQLException, IOException {
        String url = "jdbc:postgresql://" + fleet.host("c1").address() + ":" + WRITES
                + "/postgres?connectTimeout=5&socketTimeout=30";
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

    @Test
    @Order(1)
    void it_is_built_from_nothing_and_a_second_apply_finds_nothing_to_do() throws Exception {
        does("apply", "--yes");
        isAsDeclared();
        write("CREATE TABLE numbers AS SELECT generate_series(1, 1000) AS id");
        assertThat(write("SELECT host(inet_server_addr())"))
                .isEqualTo(fleet.host("a1").address());
    }

    /** The questions of both engines, of all clusters and of the record of maintenance go as one command. */
    @Test
    @Order(2)
    void a_look_asks_each_host_once() throws Exception {
        Map<String, Long> status = commands("status");
        Map<String, Long> plan = commands("plan");
        assertThat(status.values()).as("status: " + status).allMatch(n -> n >= 1 && n <= MOST_BY_STATUS);
        assertThat(plan.values()).as("plan: " + plan).allMatch(n -> n >= 1 && n <= MOST_BY_PLAN);
    }

    /** How many commands each host gets by SSH from one command line. */
    private Map<String, Long> commands(String... words) throws IOException {
        Map<String, Long> before = new LinkedHashMap<>();
        for (TestHost host : fleet.hosts()) {
            before.put(host.name(), host.commands());
        }
        does(words);
        Map<String, Long> sent = new LinkedHashMap<>();
        for (TestHost host : fleet.hosts()) {
            sent.put(host.name(), host.commands() - before.get(host.name()));
        }
        return sent;
    }

    @Test
    @Order(3)
    void roles_are_switched_over() throws Exception {
        does("switchover", "payments", "--yes");
        assertThat(write("SELECT host(inet_server_addr())"))
                .isEqualTo(fleet.host("b1").address());
        does("switchover", "payments", "--to", "a1", "--yes");
        assertThat(write("INSERT INTO numbers VALUES (1001) RETURNING host(inet_server_addr())"))
                .isEqualTo(fleet.host("a1").address());
        isAsDeclared();
    }

    @Test
    @Order(4)
    void a_moment_is_brought_back_from_the_repository_on_another_host() throws Exception {
        does("backup", "run", "payments", "--yes");
        write("SELECT 'the end of a base backup is in whole seconds' FROM pg_sleep(1.1)");
        String moment =
                write("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
        write("CREATE TABLE later AS SELECT 1 AS id");
        Ended restored = does("restore", "payments", "--to", moment, "--yes");
        assertThat(restored.err() + restored.out()).contains("recovery stopping before commit");
        does("restore", "payments", "--discard", "--yes");
        does("backup", "verify", "payments");
        isAsDeclared();
    }

    @Test
    @Order(5)
    void a_host_without_power_is_gone_without_and_comes_back() throws Exception {
        fleet.host("a1").powerOff();
        try {
            Ended refused = estate.run("failover", "payments", "--yes");
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(10);
            assertThat(refused.err())
                    .contains("that server can still be primary and acknowledge writes, and Holdfast cannot fence it")
                    .contains("--override=fenced-by-hand");
            Ended over = estate.run("failover", "payments", "--yes", "--override=fenced-by-hand", "--accept-data-loss");
            assertThat(over.exit()).as(over.toString()).isEqualTo(5);
            assertThat(over.err()).contains("Commits on b1 wait until a synchronous standby follows");
            assertThat(write("SELECT count(*) FROM numbers"))
                    .as(over.toString())
                    .isEqualTo("1001");
            assertThat(write("SELECT host(inet_server_addr())"))
                    .isEqualTo(fleet.host("b1").address());
        } finally {
            fleet.host("a1").powerOn(); // else nothing can be destroyed afterwards
        }
        does("rejoin", "payments/servers/a1", "--yes");
        does("apply", "--yes");
        isAsDeclared();
        assertThat(write("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"))
                .isEqualTo("2");
    }
}
