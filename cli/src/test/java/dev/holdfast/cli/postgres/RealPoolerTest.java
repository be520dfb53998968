package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate.Ended;
import dev.holdfast.cli.ServersUser;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A real pair behind a PgBouncer on each host: its clients wait while the primary changes, and get no error. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("real")
class RealPoolerTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: pooler-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
            clusters:
              payments:
                engine: postgresql
                objectives: { rpo: 0s, rto: 2m }
                durability: protect
                afterFailover: serve
                primary: a1
                standbys: { b1: sync }
                proxy: [ { host: a1, kind: pgbouncer }, { host: b1, kind: pgbouncer } ]
                users:
                  clerk: { roles: [ pg_read_all_data ] }
                settings: { shared_buffers: 16MB, max_wal_size: 256MB, work_mem: 4MB }
            """;

    private static final String[] POOLERS = {"a1", "b1"};

    private RealTrio pair;

    @BeforeAll
    void a_pair_is_created() throws IOException {
        pair = new RealTrio(TOPOLOGY);
        pair.applied();
    }

    @AfterEach
    void as_declared() {
        pair.settled();
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        pair.close();
    }

    private static void log(String what) {
        System.getLogger("poolers").log(System.Logger.Level.INFO, what);
    }

    private static String other(String host) {
        return host.equals("a1") ? "b1" : "a1";
    }

    private PacedWriter writer() throws Exception {
        return new PacedWriter(pair, RealTrio.POOLED, POOLERS);
    }

    private Connection through(String host) throws Exception {
        return pair.admin(host, RealTrio.POOLED);
    }

    /** All poolers lead to one server, and it has every write that was acknowledged. */
    private void holds(PacedWriter writer, String primary) throws Exception {
        writer.awaitMore(20);
        writer.stop();
        assertThat(pair.primary()).isEqualTo(primary);
        assertThat(writer.lost(primary)).isEmpty();
        for (String host : POOLERS) {
            try (Connection pooled = through(host)) {
                assertThat(RealTrio.ask(pooled, "SHOW cluster_name")).containsExactly(primary);
            }
        }
    }

    /** Says commands on the console of a PgBouncer, as the user that it runs as. */
    private String console(String host, String... commands) throws Exception {
        String run = pair.proxyDirectory(host).resolve("run").toString();
        List<String> words = new ArrayList<>(as(Files.getOwner(Path.of(run)).getName()));
        words.addAll(List.of("psql", "-XAtq", "-h", run, "-p", "" + RealTrio.POOLED, "-U", "pgbouncer", "pgbouncer"));
        for (String command : commands) {
            words.addAll(List.of("-c", command));
        }
        Process psql = new ProcessBuilder(words)
                .directory(new File("/")) // the folder that tests run in may be closed to that user
                .redirectErrorStream(true)
                .start();
        psql.getOutputStream().close();
        String output = new String(psql.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        psql.waitFor();
        return output;
    }

    private static List<String> as(String user) {
        return user.equals(System.getProperty("user.name")) ? List.of() : List.of("runuser", "-u", user, "--");
    }

    private boolean isPaused(String host) throws Exception {
        return console(host, "SHOW DATABASES")
                .lines()
                .filter(l -> l.startsWith("payments|"))
                .anyMatch(l -> l.endsWith("|1|0"));
    }

    private Path conf(String host, String file) {
        return pair.proxyDirectory(host).resolve("conf").resolve(file);
    }

    @Test
    void switchovers_under_load_give_no_client_an_error_and_lose_nothing() throws Exception {
        String from = pair.primary();
        List<Long> pauses = new ArrayList<>();
        try (PacedWriter writer = writer();
                Connection idle = through("a1")) {
            for (int i = 0; i < 2; i++) {
                long began = System.nanoTime();
                pair.does(0, "switchover", "payments", "--yes");
                writer.awaitMore(20);
                pauses.add(writer.longestPause(began));
                assertThat(RealTrio.ask(idle, "SHOW cluster_name"))
                        .as("a session that was open before goes on with the new primary")
                        .containsExactly(pair.primary());
            }
            holds(writer, from);
            assertThat(writer.errors()).isEmpty();
            log("switchover through PgBouncer: longest pauses " + pauses + " ms, " + writer.count() + " writes, "
                    + writer.errors().size() + " errors");
        }
    }

    @Test
    void a_long_transaction_is_named_and_the_handover_given_up() throws Exception {
        String from = pair.primary();
        try (PacedWriter writer = writer();
                Connection busy = through("b1")) {
            RealTrio.ask(busy, "CREATE TABLE IF NOT EXISTS notes (id int)");
            busy.setAutoCommit(false);
            RealTrio.ask(busy, "INSERT INTO notes VALUES (1)");
            String pid = RealTrio.ask(busy, "SELECT pg_backend_pid()").get(0);
            long began = System.nanoTime();
            Ended ended = pair.does(9, "switchover", "payments", "--yes");
            assertThat(ended.err())
                    .contains("the proxy on b1 has a transaction in progress: server process " + pid)
                    .doesNotContain("stop " + from + " (");
            writer.awaitMore(20);
            assertThat(writer.longestPause(began)).isLessThan(TimeUnit.SECONDS.toMillis(20));
            busy.commit();
            holds(writer, from);
            assertThat(writer.errors()).isEmpty();
            assertThat(RealTrio.ask(busy, "SELECT count(*) > 0 FROM notes")).containsExactly("t");
            busy.commit();
        }
        pair.repairs(slotsOf(from));
    }

    /** The title of the step that removes what a switchover has prepared on its candidate. */
    private static String slotsOf(String primary) {
        return "Drop the slots " + primary + " on " + (primary.equals("a1") ? "b1" : "a1");
    }

    @Test
    void a_pause_that_a_killed_run_left_is_reported_and_ended_by_apply() throws Exception {
        String from = pair.primary();
        try (PacedWriter writer = writer();
                Connection busy = through("a1")) {
            busy.setAutoCommit(false);
            RealTrio.ask(busy, "SELECT txid_current()");
            Process run = pair.estate.start("switchover", "payments", "--yes");
            Patience.until("both proxies pause", Duration.ofSeconds(60), () -> isPaused("a1") && isPaused("b1"));
            run.destroyForcibly().waitFor();
            busy.commit();
            assertThat(isPaused("a1")).isTrue();
            assertThat(pair.estate.run("status").out()).contains("the proxy on a1 is paused");
            pair.repairs("Resume PgBouncer a1", "Resume PgBouncer b1", slotsOf(from));
            holds(writer, from);
            assertThat(writer.errors()).isEmpty();
        }
    }

    @Test
    void whatever_keeps_clients_out_manually_is_ended() throws Exception {
        String primary = pair.primary();
        console("a1", "PAUSE postgres");
        console("b1", "DISABLE payments");
        pair.repairs("Resume PgBouncer a1", "Resume PgBouncer b1");
        console("b1", "PAUSE");
        pair.repairs("Send writes to " + primary);
        try (Connection pooled = through("b1")) {
            assertThat(RealTrio.ask(pooled, "SHOW cluster_name")).containsExactly(primary);
        }
    }

    @Test
    void a_configuration_that_was_changed_manually_is_reset_and_no_session_ends() throws Exception {
        String primary = pair.primary();
        try (Connection open = through("a1")) {
            Path ini = conf("a1", "pgbouncer.ini");
            Files.writeString(ini, Files.readString(ini).replace("pool_mode = transaction", "pool_mode = session"));
            pair.repairs("Update the configuration of the proxy a1");
            console("a1", "SET pool_mode = 'statement'");
            pair.repairs("Update the configuration of the proxy a1");
            Files.setPosixFilePermissions(conf("a1", "userlist.txt"), PosixFilePermissions.fromString("rw-r--r--"));
            pair.repairs("Update the configuration of the proxy a1");
            Path databases = conf("a1", "databases.ini");
            Files.writeString(databases, Files.readString(databases).replace("port=5432", "port=5433"));
            pair.repairs("Send writes to " + primary);
            assertThat(RealTrio.ask(open, "SHOW cluster_name")).containsExactly(primary);
        }
    }

    @Test
    void the_password_lookup_of_a_pgbouncer_is_corrected() throws Exception {
        String primary = pair.primary();
        pair.ask(primary, "DROP SCHEMA pgbouncer CASCADE", "ALTER ROLE pgbouncer PASSWORD 'another' SUPERUSER");
        pair.repairs(
                "Correct the privileges of the role pgbouncer",
                "Set the password of pgbouncer",
                "Create the PgBouncer password lookup in postgres");
        pair.clerk("a1", RealTrio.POOLED).close();
    }

    @Test
    void no_login_without_the_right_password_and_no_server_role_at_all() throws Exception {
        for (String user : List.of("postgres", "clerk", "pgbouncer", "stranger")) {
            assertThatThrownBy(() ->
                            pair.connect("a1", RealTrio.POOLED, user, "wrong").close())
                    .isInstanceOf(SQLException.class);
        }
        for (String role : List.of("replicator:replication", "rewinder:rewind")) {
            String[] of = role.split(":");
            String password = pair.secret(of[1]);
            assertThatThrownBy(() ->
                            pair.connect("a1", RealTrio.POOLED, of[0], password).close())
                    .isInstanceOf(SQLException.class);
        }
        assertThat(pair.ask(
                        pair.primary(),
                        "SELECT has_function_privilege('clerk', 'pgbouncer.get_auth(name)', 'execute')"
                                + " OR has_table_privilege('pgbouncer', 'pg_authid', 'select')"))
                .containsExactly("f");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(conf("b1", "userlist.txt"))))
                .isEqualTo("rw-------");
    }

    @Test
    void a_killed_pooler_comes_back_and_leads_where_it_did() throws Exception {
        String to = other(pair.primary());
        pair.does(0, "switchover", "payments", "--yes");
        Path pidfile = pair.proxyDirectory("b1").resolve("run/pgbouncer.pid");
        pair.kill(Long.parseLong(Files.readString(pidfile).strip()));
        startManually("b1");
        try (Connection pooled = through("b1")) {
            assertThat(RealTrio.ask(pooled, "SHOW cluster_name")).containsExactly(to);
        }
        pair.settled();
        pair.kill(Long.parseLong(Files.readString(pidfile).strip()));
        assertThat(pair.titles()).contains("Start the proxy b1");
        pair.applied();
        pair.clerk("b1", RealTrio.POOLED).close();
    }

    private void startManually(String host) throws Exception {
        Path ini = conf(host, "pgbouncer.ini");
        String run = pair.proxyDirectory(host).resolve("run").toString();
        List<String> words = new ArrayList<>(as(Files.getOwner(Path.of(run)).getName()));
        words.addAll(List.of("/usr/sbin/pgbouncer", "-d", "-q", ini.toString()));
        ServersUser.removeLocksOfEnded(Path.of(run).getParent());
        Process process =
                new ProcessBuilder(words).directory(new File("/")).inheritIO().start();
        assertThat(process.waitFor()).isZero();
        Patience.until(
                () -> "the PgBouncer on " + host + " answers on its console",
                Duration.ofSeconds(20),
                Duration.ofMillis(100),
                () -> console(host, "SHOW VERSION").startsWith("PgBouncer"));
    }

    @Test
    void the_primary_is_killed_and_its_clients_go_on_with_the_standby() throws Exception {
        String lost = pair.primary();
        String candidate = other(lost);
        try (PacedWriter writer = writer()) {
            long began = System.nanoTime();
            RealTrio.signal("KILL", pair.processes(lost));
            pair.failsOver(lost, "--override=failover-again");
            writer.awaitMore(20);
            log("failover through PgBouncer: longest pause " + writer.longestPause(began) + " ms, "
                    + writer.errors().size() + " errors");
            holds(writer, candidate);
        }
        pair.does(0, "rejoin", "payments/servers/" + lost, "--yes");
        pair.applied();
    }

    @Test
    void the_primary_freezes_and_a_session_that_hangs_in_it_is_ended() throws Exception {
        String lost = pair.primary();
        String candidate = other(lost);
        String processes = pair.processes(lost);
        try (PacedWriter writer = writer()) {
            RealTrio.signal("STOP", processes);
            pair.failsOver(lost, "--override=failover-again");
            RealTrio.signal("CONT", processes);
            holds(writer, candidate);
        }
        pair.does(0, "rejoin", "payments/servers/" + lost, "--yes");
        pair.applied();
    }

    @Test
    void a_drill_writes_through_them_and_loses_nothing() throws Exception {
        Ended ended = pair.estate.drill("pg-switchover");
        assertThat(ended.exit()).as(ended.toString()).isZero();
        assertThat(ended.out()).contains("payments through the poolers");
    }

    @Test
    void status_reports_where_clients_go_and_how_they_connect() throws Exception {
        Ended status = pair.estate.whenHealthy();
        assertThat(status.out()).contains("\"pool_mode\"").contains("\"paused\"");
        assertThat(status.out()).contains("\"pooled\"").contains(pair.address("b1") + ":" + RealTrio.POOLED);
    }
}
