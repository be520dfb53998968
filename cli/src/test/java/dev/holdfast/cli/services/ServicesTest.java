package dev.holdfast.cli.services;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Servers of both engines on hosts with systemd: what a reboot starts, and what it does not start. Holdfast reaches one of the hosts as an
 * ordinary user with sudo.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("long")
class ServicesTest {

    private static final List<String> HOSTS = List.of("a1", "b1", "c1");
    private static final Duration BOOT = Duration.ofSeconds(180);
    private static final String TOP = "/var/lib/holdfast/services";

    private SystemdHosts hosts;
    private RealEstate estate;

    @BeforeAll
    void three_hosts() throws Exception {
        hosts = SystemdHosts.of(HOSTS.toArray(String[]::new));
        estate = RealEstate.onHosts(topology("none"), hosts.network());
    }

    @AfterAll
    void nothing_is_left() throws Exception {
        if (hosts == null) {
            return;
        }
        try {
            if (estate != null) {
                estate.close();
                for (String host : HOSTS) {
                    assertThat(hosts.run(
                                    host, "find /etc/systemd/system -name 'holdfast-*'; ls " + TOP + " 2>/dev/null"))
                            .as("what destroy left on " + host)
                            .isEmpty();
                }
            }
        } finally {
            hosts.close();
        }
    }

    private String topology(String services) {
        String mongod = Arrays.stream(RealEstate.servers().split(":"))
                .filter(folder -> Files.isExecutable(Path.of(folder, "mongod")))
                .findFirst()
                .map(folder -> "\n    binaries: " + folder)
                .orElse("");
        return """
                apiVersion: holdfast.dev/v1
                name: booting
                environment: lab
                services: %s
                """.formatted(services) + hosts.lines("b1") + """
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
                    settings: { shared_buffers: 16MB, max_wal_size: 256MB }
                """;
    }

    private Ended does(String... words) {
        Ended ended = estate.run(words);
        assertThat(ended.exit()).as(String.join(" ", words) + ": " + ended).isZero();
        return ended;
    }

    /** The processes of all servers of a host. */
    private String processes(String host) throws IOException, InterruptedException {
        return hosts.run(host, "pgrep -f 'mongo[d] -f|postgre[s] -D' | sort -n");
    }

    private String unit(String host, String id) {
        return "holdfast-booting." + id.replace("/", ".") + "." + host + ".service";
    }

    private String active(String host, String id) throws IOException, InterruptedException {
        return hosts.run(host, "systemctl is-active " + unit(host, id));
    }

    /** What status says of the service of each server. */
    private List<String> services() {
        JsonNode status = estate.run("status", "-o", "json").json();
        return status.findValuesAsText("service");
    }

    private String write(String host, String sql) throws Exception {
        String url = "jdbc:postgresql://" + hosts.address(host) + ":5432/postgres?connectTimeout=5&socketTimeout=30";
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

    /** The promoted member lacks its only synchronous standby: an open difference, or a host that does not answer. */
    private static void promotes(Ended failover) {
        assertThat(failover.exit()).as(failover.toString()).isIn(5, 10);
    }

    private void isHealthy(String when) {
        Ended[] status = new Ended[1];
        Patience.until(() -> when + ": " + status[0], BOOT, Duration.ofSeconds(2), () -> {
            status[0] = estate.run("status", "-o", "json");
            return status[0].json().path("healthy").asBoolean();
        });
    }

    @Test
    @Order(1)
    void running_servers_get_units_without_a_restart() throws Exception {
        does("apply", "--yes");
        estate.settled();
        assertThat(services()).hasSize(5).allMatch("none"::equals);
        write("a1", "CREATE TABLE numbers AS SELECT generate_series(1, 1000) AS id");
        List<String> before = List.of(processes("a1"), processes("b1"), processes("c1"));

        estate.rewrite(topology("auto"));
        assertThat(does("plan").out())
                .contains("Enable the service of notes/notes/a1", "Enable the service of payments/servers/b1")
                .doesNotContain("Restart");
        does("apply", "--yes");
        estate.settled();
        assertThat(does("plan", "--detailed-exitcode").out()).contains("nothing to do");
        assertThat(List.of(
                        processes("a1").lines().findFirst(),
                        processes("c1").lines().findFirst()))
                .isEqualTo(List.of(
                        before.get(0).lines().findFirst(), before.get(2).lines().findFirst()));
        assertThat(services()).hasSize(5).allMatch("system unit, from the next start on"::equals);
        for (String host : HOSTS) {
            assertThat(hosts.run(host, "systemd-analyze verify /etc/systemd/system/holdfast-* 2>&1; echo $?"))
                    .isEqualTo("0");
        }
    }

    @Test
    @Order(2)
    void servers_are_back_after_a_reboot() throws Exception {
        hosts.reboot("b1");
        isHealthy("after the reboot of b1");
        assertThat(active("b1", "notes/notes")).isEqualTo("active");
        assertThat(active("b1", "payments/servers")).isEqualTo("active");
        assertThat(services()).contains("system unit");
        assertThat(does("plan", "--detailed-exitcode").out()).contains("nothing to do");
    }

    @Test
    @Order(3)
    void a_primary_is_primary_again_when_the_other_members_agree() throws Exception {
        hosts.reboot("a1");
        isHealthy("after the reboot of a1");
        assertThat(write("a1", "SELECT count(*), pg_is_in_recovery() FROM numbers"))
                .isEqualTo("1000");
        assertThat(write("a1", "SELECT pg_is_in_recovery()")).isEqualTo("f");
    }

    @Test
    @Order(4)
    void a_mongod_that_crashes_is_started_again_and_a_start_goes_through_the_unit() throws Exception {
        hosts.run("c1", "pkill -KILL -f 'mongo[d] -f'");
        does("apply", "--yes");
        isHealthy("after the crash on c1");
        assertThat(active("c1", "notes/notes")).isEqualTo("active");
        hosts.run("c1", "systemctl kill --signal=KILL " + unit("c1", "notes/notes"));
        Patience.until(
                "systemd starts mongod again", BOOT, () -> !processes("c1").isEmpty());
        isHealthy("after the second crash on c1");
    }

    @Test
    @Order(5)
    void a_fenced_server_does_not_start_at_boot_and_a_rejoined_one_does() throws Exception {
        hosts.run("a1", "pkill -KILL -x postgres");
        promotes(estate.run("failover", "payments", "--yes"));
        assertThat(hosts.run(
                        "a1", "cat " + TOP + "/a1/payments/servers/fence " + TOP + "/a1/payments/*/fence 2>/dev/null"))
                .isNotEmpty();
        hosts.reboot("a1");
        Patience.until(
                "mongod of a1 is back", BOOT, () -> active("a1", "notes/notes").equals("active"));
        assertThat(hosts.run(
                        "a1", "systemctl start " + unit("a1", "payments/servers") + "; sleep 3; pgrep -x postgres"))
                .isEmpty();
        assertThat(active("a1", "payments/servers")).isEqualTo("inactive");

        does("rejoin", "payments/servers/a1", "--yes");
        estate.settled();
        isHealthy("after the rejoin of a1");
        assertThat(active("a1", "payments/servers")).isEqualTo("active");
        hosts.reboot("a1");
        isHealthy("after the reboot of the rejoined a1");
    }

    @Test
    @Order(6)
    void a_primary_that_was_off_during_a_failover_does_not_start() throws Exception {
        hosts.powerOff("b1");
        // the WAL of a host that is off cannot be read, so the loss is accepted
        promotes(estate.run(
                "failover",
                "payments",
                "--yes",
                "--override=fenced-by-hand",
                "--override=failover-again",
                "--accept-data-loss"));
        assertThat(write("a1", "SELECT pg_is_in_recovery()")).isEqualTo("f");
        hosts.reboot("b1");
        Patience.until(
                "b1 has asked a1", BOOT, () -> active("b1", "payments/servers").equals("failed"));
        assertThat(hosts.run("b1", "pgrep -x postgres")).isEmpty();
        assertThat(hosts.run("b1", "journalctl -o cat -u " + unit("b1", "payments/servers")))
                .contains("was the primary on timeline", "is on timeline");
        does("rejoin", "payments/servers/b1", "--yes");
        estate.settled();
        isHealthy("after the rejoin of b1");
    }
}
