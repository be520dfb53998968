package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import dev.holdfast.cli.ServersUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/** A real primary a1 with a synchronous standby b1, a disaster-recovery copy d1 and proxies on a1 and b1. */
final class RealTrio implements AutoCloseable {

    static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: trio-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
              d1: { address: 127.0.1.4, zone: d, region: s, reach: local }
            clusters:
              payments:
                engine: postgresql
                objectives: { rpo: 0s, rto: 2m }
                durability: protect
                afterFailover: serve
                primary: a1
                standbys: { b1: sync }
                dr: { d1: async }
                proxy: [ a1, b1 ]
                users:
                  clerk: { roles: [ pg_read_all_data ] }
                settings: { shared_buffers: 16MB, max_wal_size: 256MB, work_mem: 4MB }
            """;

    static final int SERVER = 5432;
    static final int WRITES = 5000;
    static final int READS = 5001;
    /** The usual port of a PgBouncer. */
    static final int POOLED = 6432;

    final RealEstate estate;

    RealTrio(String topology) throws IOException {
        estate = RealEstate.ofText(topology);
    }

    /** @param host as in the topology: a1, b1 or d1 */
    String address(String host) {
        return estate.address(host.charAt(0) - 'a' + 1);
    }

    Path directory(String host) {
        return estate.folder().resolve("d/" + host + "/payments/servers");
    }

    Path proxyDirectory(String host) {
        return estate.folder().resolve("d/" + host + "/payments/proxies");
    }

    String secret(String name) throws IOException {
        return estate.secret("payments." + name);
    }

    Connection connect(String host, int port, String user, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "20");
        properties.setProperty("prepareThreshold", port == POOLED ? "0" : "5");
        return DriverManager.getConnection("jdbc:postgresql://" + address(host) + ":" + port + "/postgres", properties);
    }

    Connection admin(String host, int port) throws SQLException, IOException {
        return connect(host, port, "postgres", secret("admin"));
    }

    Connection clerk(String host, int port) throws SQLException, IOException {
        return connect(host, port, "clerk", secret("users.clerk"));
    }

    /** The first column of all rows; nothing for a statement without rows. */
    static List<String> ask(Connection connection, String sql) throws SQLException {
        List<String> answers = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            if (statement.execute(sql)) {
                ResultSet rows = statement.getResultSet();
                while (rows.next()) {
                    answers.add(rows.getString(1));
                }
            }
        }
        return answers;
    }

    List<String> ask(String host, String... statements) throws SQLException, IOException {
        List<String> answers = List.of();
        try (Connection connection = admin(host, SERVER)) {
            for (String sql : statements) {
                answers = ask(connection, sql);
            }
        }
        return answers;
    }

    void applied() {
        Ended ended = estate.run("apply", "--yes");
        assertThat(ended.exit()).as(ended.toString()).isZero();
    }

    /** Refusals for want of an answer: on a busy machine a look may stay without one, and nothing was changed then. */
    private static final List<Integer> NOT_SEEN = List.of(7, 10);

    /** Runs a command, again when it was refused for want of an answer or because a standby still replays. */
    Ended does(int exit, String... words) {
        Ended ended = estate.run(words);
        for (int attempt = 1; attempt < 8 && ended.exit() != exit && NOT_SEEN.contains(ended.exit()); attempt++) {
            ended = estate.run(words);
        }
        if (exit == 0 && lags(ended)) {
            Ended[] last = {ended};
            Patience.until("no standby lags", () -> !lags(last[0] = estate.run(words)));
            ended = last[0];
        }
        assertThat(ended.exit()).as(String.join(" ", words) + ": " + ended).isEqualTo(exit);
        return ended;
    }

    private static boolean lags(Ended ended) {
        return ended.exit() == 4 && ended.err().contains("CODE: candidate-lag");
    }

    /** A failover after which the survivor serves alone: done, and incomplete until the lost primary is back. */
    void failsOver(String lost, String... more) {
        List<String> words = new ArrayList<>(List.of("failover", "payments", "--yes"));
        words.addAll(List.of(more));
        Ended ended = does(5, words.toArray(String[]::new));
        assertThat(ended.err())
                .contains("acknowledges commits without a standby (afterFailover: serve)")
                .contains("open: ")
                .contains("HINT: holdfast rejoin payments/servers/" + lost);
    }

    /** The titles of all steps that a plan finds to do. */
    List<String> titles() {
        List<String> titles = new ArrayList<>();
        for (JsonNode stage : plan().path("stages")) {
            stage.path("steps").forEach(step -> titles.add(step.path("title").asText()));
        }
        return titles;
    }

    List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (JsonNode stage : plan().path("stages")) {
            stage.path("notes").forEach(note -> notes.add(note.asText()));
        }
        return notes;
    }

    private JsonNode plan() {
        return estate.run("plan", "-o", "json").json();
    }

    /** The plan has exactly these steps; they correct the difference, and the next plan is empty. */
    void repairs(String... titles) throws IOException {
        Ended plan = estate.run("plan", "--detailed-exitcode");
        assertThat(plan.exit()).as(plan.toString()).isEqualTo(2);
        assertThat(titles()).containsExactlyInAnyOrder(titles);
        estate.applyAsPlanned();
        settled();
    }

    void settled() {
        estate.settled();
    }

    long postmaster(String host) throws IOException {
        Path file = directory(host).resolve("data/postmaster.pid");
        return Long.parseLong(Files.readAllLines(file).get(0));
    }

    void kill(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit()
                .completeOnTimeout(process, 5, java.util.concurrent.TimeUnit.SECONDS)
                .join();
    }

    /** Who is primary, by what the servers themselves say. */
    String primary() throws SQLException, IOException {
        for (String host : List.of("a1", "b1", "d1")) {
            try {
                if (ask(host, "SELECT pg_is_in_recovery()").equals(List.of("f"))) {
                    return host;
                }
            } catch (SQLException notThere) {
                continue;
            }
        }
        throw new AssertionError("no primary");
    }

    int timeline(String host) throws SQLException, IOException {
        return Integer.parseInt(
                ask(host, "SELECT ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int")
                        .get(0));
    }

    /** The processes that work in a server's folder. */
    String processes(String host) throws IOException {
        return ServersUser.processesIn(directory(host).resolve("data")).stream()
                .map(p -> p.substring(0, p.indexOf(' ')))
                .collect(Collectors.joining(" "));
    }

    static void signal(String name, String pids) throws Exception {
        // one of them may have ended by itself meanwhile
        new ProcessBuilder("sh", "-c", "for pid in " + pids + "; do kill -" + name + " $pid; done; true")
                .start()
                .waitFor();
    }

    @Override
    public void close() throws IOException {
        estate.close();
    }
}
