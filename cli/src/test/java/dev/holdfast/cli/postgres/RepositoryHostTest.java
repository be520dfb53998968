package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** A trio whose encrypted repository is on a host of its own, reached by pgBackRest's TLS servers alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class RepositoryHostTest {

    private static final String TOPOLOGY = RealTrio.TOPOLOGY
            .replace("clusters:", "  v1: { address: 127.0.1.9, zone: v, region: r, reach: local }\nclusters:")
            .replace(
                    "    settings:",
                    "    backup: { full: weekly, archive: continuous, encryption: env:VAULT_KEY,"
                            + " repository: { host: v1, path: /var/lib/holdfast/backup } }\n    settings:");
    private static final Pattern LISTENS = Pattern.compile(" on (127\\.[0-9.]+:[0-9]+) has the data of ");
    private static final String NOW =
            "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";

    private RealTrio trio;

    @BeforeAll
    void a_trio_that_archives_to_another_host_is_created() throws IOException {
        trio = new RealTrio(TOPOLOGY);
        trio.estate.with("VAULT_KEY", "a passphrase, not the usual one");
        trio.applied();
        trio.settled();
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        trio.close();
    }

    private Path server(String host) {
        return trio.estate.folder().resolve("d/" + host + "/payments/repository");
    }

    /** What pgBackRest lists from a member's host, over the network, with that key. */
    private int lists(Path pem) throws Exception {
        List<String> words =
                new ArrayList<>(List.of("pgbackrest", "--no-config", "--stanza=payments", "--log-level-file=off"));
        for (String option : List.of(
                "host=" + trio.estate.address(9),
                "host-type=tls",
                "host-port=8432",
                "host-ca-file=" + server("a1").resolve("conf/trusted.pem"),
                "host-cert-file=" + pem,
                "host-key-file=" + pem)) {
            words.add("--repo1-" + option);
        }
        String system = trio.ask("a1", "SELECT system_identifier FROM pg_control_system()")
                .get(0);
        words.add("--repo1-host-config=" + server("v1").resolve("conf/" + system + ".conf"));
        words.addAll(List.of("--io-timeout=5", "repo-ls", "archive/payments"));
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** pgBackRest on a member's host would else read the file in /etc, which belongs to another user or estate. */
    @Test
    @Order(0)
    void the_repository_host_names_the_configuration_on_every_member() throws Exception {
        String system = trio.ask("a1", "SELECT system_identifier FROM pg_control_system()")
                .get(0);
        assertThat(server("v1").resolve("conf/" + system + ".conf"))
                .content()
                .contains(
                        "pg1-host-config=" + server("a1") + "/conf/server.conf",
                        "pg2-host-config=" + server("b1") + "/conf/server.conf",
                        "pg3-host-config=" + server("d1") + "/conf/server.conf");
    }

    @Test
    @Order(1)
    void a_moment_between_two_writes_is_brought_back_from_there() throws Exception {
        trio.does(0, "backup", "run", "payments", "--yes");
        trio.ask("a1", "SELECT 'the end of a base backup is in whole seconds' FROM pg_sleep(1.1)");
        trio.ask("a1", "CREATE TABLE numbers (id int)", "INSERT INTO numbers VALUES (1)");
        String moment = trio.ask("a1", NOW).get(0);
        trio.ask("a1", "INSERT INTO numbers VALUES (2)");

        Ended restored = trio.does(0, "restore", "payments", "--to", moment, "--yes");

        Matcher listens = LISTENS.matcher(restored.err() + restored.out());
        assertThat(listens.find()).as(restored.toString()).isTrue();
        String place = "jdbc:postgresql://" + listens.group(1) + "/postgres";
        try (Connection copy = DriverManager.getConnection(place, "postgres", trio.secret("admin"))) {
            assertThat(RealTrio.ask(copy, "SELECT id FROM numbers")).containsExactly("1");
            assertThat(RealTrio.ask(copy, "SHOW archive_mode")).containsExactly("off");
        }
        trio.does(0, "restore", "payments", "--discard", "--yes");
        trio.does(0, "backup", "verify", "payments");
        assertThat(trio.does(0, "backup", "list", "payments", "-o", "json")
                        .json()
                        .at("/clusters/0/verified_at")
                        .asText())
                .isNotEmpty();
        trio.settled();
    }

    @Test
    @Order(2)
    void a_client_without_a_key_of_the_cluster_is_refused() throws Exception {
        Path folder = trio.estate.folder();
        Path other = folder.resolve("stranger.pem");
        String make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=a1"
                + " -addext subjectAltName=DNS:" + trio.address("a1") + " -keyout k -out c 2>/dev/null"
                + " && umask 077 && cat k c >stranger.pem";
        assertThat(new ProcessBuilder("sh", "-c", make)
                        .directory(folder.toFile())
                        .start()
                        .waitFor())
                .isZero();
        Path own = Files.copy(server("a1").resolve("conf/tls.pem"), folder.resolve("own.pem"));

        assertThat(lists(own)).isZero();
        assertThat(lists(other)).isNotZero();
    }

    @Test
    @Order(3)
    void what_is_wrong_with_its_servers_is_found_and_repaired() throws Exception {
        Path pid = server("v1").resolve("run/pgbackrest.pid");
        trio.kill(Long.parseLong(Files.readString(pid).strip()));
        Files.writeString(server("b1").resolve("conf/server.conf"), "# by hand\n", StandardOpenOption.APPEND);

        assertThat(trio.estate.run("status").out()).contains("the pgBackRest server on v1 is not running");
        assertThat(trio.titles())
                .containsExactlyInAnyOrder(
                        "Start pgBackRest on v1",
                        "Update the files of pgBackRest on b1",
                        "Create the pgBackRest stanza for a1",
                        "Verify WAL archiving of a1");
        trio.applied();
        trio.settled();

        Files.delete(server("d1").resolve("conf/tls.pem"));
        trio.applied();
        trio.settled();
    }

    @Test
    @Order(4)
    void the_log_of_a_new_primary_arrives_there_and_so_does_a_base_copy_of_it() throws Exception {
        trio.does(0, "switchover", "payments", "--yes");
        assertThat(trio.primary()).isEqualTo("b1");
        trio.settled();

        Ended copied = trio.does(0, "backup", "run", "payments", "--kind", "incremental", "--yes");
        assertThat(copied.err() + copied.out()).contains("Make an incremental base backup of b1");
        assertThat(trio.does(0, "backup", "list", "payments").out()).contains("timeline=2");
    }
}
