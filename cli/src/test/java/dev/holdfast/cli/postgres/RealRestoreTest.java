package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.LiveFolder;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** One real server that logs almost nothing: settings that went down, tablespaces, and moments that two timelines hold. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class RealRestoreTest {

    private static final String TOPOLOGY = """
        apiVersion: holdfast.dev/v1
        name: alone
        environment: lab
        hosts:
          s1: { address: 127.0.1.1, zone: z, region: r, reach: local }
        clusters:
          tank:
            engine: postgresql
            objectives: { rpo: 5m, rto: 10m }
            durability: fast
            primary: s1
            backup: { full: weekly, archive: continuous, encryption: generated, repository: /var/lib/holdfast/backup }
            settings:
              shared_buffers: 16MB
              max_wal_size: 256MB
              max_connections: 60
              log_min_messages: fatal # no restore may depend on what the server logs otherwise
              log_error_verbosity: verbose
        """;
    private static final Pattern LISTENS = Pattern.compile(" on 127\\.[0-9.]+:([0-9]+) has the data of ");
    private static final String NOW =
            "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";

    private RealEstate estate;
    private Path space;

    @BeforeAll
    void a_server_with_a_tablespace_has_a_base_copy() throws Exception {
        estate = RealEstate.ofText(TOPOLOGY);
        does(0, "apply", "--yes");
        space = spaceAt("fast");
        ask(
                "CREATE TABLESPACE fast LOCATION '" + space + "'",
                "CREATE TABLE hot (id int PRIMARY KEY) WITH (autovacuum_enabled = off) TABLESPACE fast",
                "INSERT INTO hot SELECT generate_series(1, 1000)");
        does(0, "backup", "run", "--yes");
        // the end of a base backup is in whole seconds, and all writes are after it
        Patience.pause(1500);
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        estate.close();
    }

    /** A folder that the servers' user may use. */
    private Path spaceAt(String name) throws IOException {
        Path folder = Files.createDirectories(estate.folder().resolve("spaces").resolve(name));
        UserPrincipal owner = Files.getOwner(estate.folder().resolve("d/s1/tank/servers/data"));
        Files.setOwner(folder.getParent(), owner);
        Files.setOwner(folder, owner);
        return folder;
    }

    private Ended does(int exit, String... words) {
        Ended ended = estate.run(words);
        assertThat(ended.exit()).as(ended.toString()).isEqualTo(exit);
        return ended;
    }

    private Connection connect(int port) throws Exception {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + estate.address(1) + ":" + port + "/postgres",
                "postgres",
                estate.secret("tank.admin"));
    }

    private List<String> ask(String... statements) throws Exception {
        List<String> answers = List.of();
        try (Connection connection = connect(RealTrio.SERVER)) {
            for (String sql : statements) {
                answers = RealTrio.ask(connection, sql);
            }
        }
        return answers;
    }

    /** The server's clock, later than what was written before and earlier than what is written next. */
    private String moment() throws Exception {
        String now = ask(NOW).get(0);
        Patience.pause(50);
        return now;
    }

    private void archived() throws Exception {
        String segment = ask("SELECT txid_current()", "SELECT pg_walfile_name(pg_switch_wal())")
                .get(0);
        Patience.until(
                () -> "archives " + segment,
                Duration.ofSeconds(120),
                Duration.ofMillis(100),
                () -> LiveFolder.archives(estate.folder().resolve("b"), segment));
    }

    /** Restores side by side, queries the copy, and discards it. */
    private List<String> copied(String sql, String... order) throws Exception {
        List<String> words = new ArrayList<>(List.of("restore", "tank", "--yes"));
        words.addAll(List.of(order));
        Ended done = does(0, words.toArray(String[]::new));
        Matcher listens = LISTENS.matcher(done.out() + done.err());
        assertThat(listens.find()).as(done.toString()).isTrue();
        List<String> lines;
        try (Connection copy = connect(Integer.parseInt(listens.group(1)))) {
            lines = RealTrio.ask(copy, sql);
        }
        does(0, "restore", "tank", "--discard", "--yes");
        return lines;
    }

    private static String[] inPlace(String... more) {
        return Stream.concat(
                        Stream.of("restore", "tank", "--into", "in-place", "--accept-data-loss", "--yes"),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    /** What lies in a folder, with its content where it is a file. */
    private static List<String> content(Path folder) throws IOException {
        try (Stream<Path> all = LiveFolder.walk(folder)) {
            return all.map(p -> p + " " + p.toFile().lastModified()).sorted().toList();
        }
    }

    @Test
    @Order(1)
    void a_copy_has_its_tablespaces_below_its_own_folder_and_the_live_one_is_untouched() throws Exception {
        ask("INSERT INTO hot VALUES (2000)", "SELECT pg_create_restore_point('rp1')");
        archived();
        List<String> before = content(space);
        assertThat(copied(
                        "SELECT count(*) || ' ' || pg_tablespace_location(oid) FROM hot, pg_tablespace"
                                + " WHERE spcname = 'fast' GROUP BY oid",
                        "--to",
                        "rp1"))
                .singleElement()
                .satisfies(t -> assertThat(t).startsWith("1001 ").contains("/restored-restored/tablespaces/"));
        assertThat(content(space)).isEqualTo(before);
    }

    @Test
    @Order(2)
    void a_copy_runs_no_background_jobs_before_it_was_verified_and_none_of_the_live_server_later() throws Exception {
        ask(
                "CREATE TABLE ddl (tag text)",
                "CREATE FUNCTION note_ddl() RETURNS event_trigger LANGUAGE plpgsql AS"
                        + " $$BEGIN INSERT INTO ddl VALUES (tg_tag); END$$",
                "CREATE EVENT TRIGGER note_ddl ON ddl_command_end EXECUTE FUNCTION note_ddl()",
                "SELECT pg_create_restore_point('jobs')");
        archived();
        Ended done = does(0, "restore", "tank", "--yes", "--to", "jobs");
        Matcher listens = LISTENS.matcher(done.out() + done.err());
        assertThat(listens.find()).as(done.toString()).isTrue();
        try (Connection copy = connect(Integer.parseInt(listens.group(1)))) {
            assertThat(RealTrio.ask(
                            copy,
                            "SELECT current_setting('autovacuum') || ' ' || current_setting('max_logical_replication_workers')"
                                    + " || ' ' || current_setting('cron.launch_active_jobs')"))
                    .containsExactly("on 0 off");
            assertThat(RealTrio.ask(copy, "SELECT count(*) FROM ddl"))
                    .as("the verification fires no event trigger")
                    .containsExactly("0");
        }
        try (Stream<Path> all = LiveFolder.walk(estate.folder().resolve("d"))) {
            Path log = all.filter(
                            p -> p.endsWith("log/restore.log") && p.toString().contains("restored-"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Files.readString(log))
                    .as("autovacuum was off until then")
                    .contains("parameter \"autovacuum\" removed from configuration file, reset to default");
        }
        ask("DROP EVENT TRIGGER note_ddl", "DROP FUNCTION note_ddl()", "DROP TABLE ddl");
        does(0, "restore", "tank", "--discard", "--yes");
    }

    @Test
    @Order(2)
    void a_machine_without_the_secrets_refuses_a_side_by_side_restore_at_once() throws Exception {
        Path secrets = estate.folder().resolve("home/alone/secrets");
        for (String way : List.of("--yes", "--dry-run")) {
            Path kept = Files.move(secrets, secrets.resolveSibling("secrets-away"));
            Files.createDirectory(
                    secrets, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.copy(
                    kept.resolve("tank.backup.encryption"),
                    secrets.resolve("tank.backup.encryption"),
                    StandardCopyOption.COPY_ATTRIBUTES);
            try {
                Ended refused = does(4, "restore", "tank", "--to", "latest", way);
                assertThat(refused.err())
                        .contains("secret tank/admin: there is no such secret on this machine")
                        .contains("a side-by-side restore of tank needs that secret to log in. Nothing was changed")
                        .contains("HINT: run on the machine where the estate was applied, or copy its secrets to "
                                + secrets);
                assertThat(secrets.resolve("tank.admin")).doesNotExist();
                assertThat(estate.servers("/restored-")).isEmpty();
            } finally {
                RealEstate.delete(secrets);
                Files.move(kept, secrets);
            }
        }
    }

    @Test
    @Order(2)
    void a_tablespace_that_the_log_would_make_again_in_the_live_folder_is_refused() throws Exception {
        Path late = spaceAt("late");
        ask("CREATE TABLESPACE late LOCATION '" + late + "'", "SELECT pg_create_restore_point('rp2')");
        archived();
        Ended refused = does(4, "restore", "tank", "--to", "rp2", "--yes");
        assertThat(refused.err()).contains(late.toString()).contains("was created after the base backup");
        assertThat(estate.changes()).isZero();
        ask("DROP TABLESPACE late");
    }

    @Test
    @Order(3)
    void settings_that_went_down_do_not_keep_a_copy_from_replaying_what_was_written_with_more() throws Exception {
        String text = estate.text();
        estate.rewrite(text.replace("max_connections: 60", "max_connections: 120"));
        does(0, "apply", "--yes");
        ask("CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)", "SELECT pg_create_restore_point('at120')");
        ask("INSERT INTO t VALUES (2)");
        archived();
        estate.rewrite(text.replace("max_connections: 60", "max_connections: 40"));
        does(0, "apply", "--yes");
        assertThat(copied("SELECT a || ' ' || current_setting('max_connections') FROM t", "--to", "at120"))
                .containsExactly("1 120");
    }

    @Test
    @Order(4)
    @Tag("long")
    void of_two_restore_points_with_one_name_the_later_is_brought_back() throws Exception {
        ask("INSERT INTO t VALUES (3)", "SELECT pg_create_restore_point('twice')", "INSERT INTO t VALUES (4)");
        ask("SELECT pg_create_restore_point('twice')", "INSERT INTO t VALUES (5)");
        archived();
        assertThat(copied("SELECT max(a) FROM t", "--to", "twice")).containsExactly("4");
    }

    @Test
    @Order(5)
    void the_latest_moment_is_brought_back_and_words_for_times_are_no_restore_points() throws Exception {
        ask("INSERT INTO t VALUES (6)");
        assertThat(copied("SELECT max(a) FROM t", "--to", "latest")).containsExactly("6");
        for (String word : List.of("now", "1700000000", "17:30", "yesterday")) {
            Ended refused = does(64, "restore", "tank", "--to", word, "--yes");
            assertThat(refused.err()).as(word).contains("--to latest");
        }
    }

    @Test
    @Order(5)
    void a_file_that_is_not_finished_is_in_no_window() throws Exception {
        JsonNode before = does(0, "backup", "list", "-o", "json").json().at("/clusters/0/windows");
        Path last;
        try (Stream<Path> all = LiveFolder.walk(estate.folder().resolve("b"))) {
            last = all.filter(p -> p.getFileName().toString().matches("[0-9A-F]{24}-.*"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
        String name = last.getFileName().toString();
        String next = String.format("%s%08X", name.substring(0, 16), Integer.parseInt(name.substring(16, 24), 16) + 1);
        Path unfinished = Files.createFile(last.resolveSibling(next + name.substring(24) + ".pgbackrest.tmp"));
        try {
            assertThat(does(0, "backup", "list", "-o", "json").json().at("/clusters/0/windows"))
                    .isEqualTo(before);
        } finally {
            Files.delete(unfinished);
        }
    }

    @Test
    @Order(5)
    void backups_of_another_system_are_named_where_the_one_that_is_meant_has_none() throws Exception {
        Path folder = estate.folder().resolve("b/alone/tank");
        String system = ask("SELECT system_identifier FROM pg_control_system()").get(0);
        Path other = Files.createDirectories(folder.resolve("777"));
        try {
            Ended refused = does(4, "restore", "tank", "--to", "latest", "--system", "777", "--dry-run");
            assertThat(refused.err()).contains("no base backup exists").contains("--system " + system);
            assertThat(does(64, "restore", "tank", "--to", "latest", "--system", "../x", "--dry-run")
                            .err())
                    .contains("a system identifier is a number");
        } finally {
            Files.delete(other);
        }
    }

    @Test
    @Order(5)
    void the_passphrase_that_only_this_machine_has_is_printed_to_be_kept_elsewhere() throws Exception {
        assertThat(does(0, "validate").out()).contains("holdfast backup escrow tank");
        assertThat(does(0, "backup", "escrow").out())
                .contains("tank/backup/encryption: " + estate.secret("tank.backup.encryption"));
    }

    @Test
    @Order(6)
    void a_moment_that_two_timelines_hold_is_asked_for_and_the_one_that_is_named_is_brought_back() throws Exception {
        ask("INSERT INTO t VALUES (10)");
        String first = moment();
        ask("INSERT INTO t VALUES (11)");
        String second = moment();
        ask("INSERT INTO t VALUES (12)", "INSERT INTO hot VALUES (3000)");
        does(0, inPlace("--to", first));
        assertThat(ask("SELECT max(a) || ' ' || (SELECT max(id) FROM hot) FROM t"))
                .containsExactly("10 2000");
        assertThat(ask("SHOW max_connections")).containsExactly("40");
        does(0, "plan", "--detailed-exitcode");
        try (Stream<Path> kept = Files.list(space.getParent())) {
            assertThat(kept.map(p -> p.getFileName().toString())).anyMatch(n -> n.startsWith("fast.before-restore-"));
        }
        ask("INSERT INTO t VALUES (20)");
        archived();

        JsonNode windows = does(0, "backup", "list", "-o", "json").json().at("/clusters/0/windows");
        assertThat(windows.findValuesAsText("timeline")).as(windows.toString()).contains("1", "2");
        Ended asked = does(4, "restore", "tank", "--to", second, "--yes");
        assertThat(asked.err()).contains("is on several timelines").contains("--timeline 2 or --timeline 1");
        assertThat(estate.changes()).isZero();
        assertThat(copied("SELECT max(a) FROM t", "--to", second, "--timeline", "1"))
                .containsExactly("11");
        assertThat(copied("SELECT max(a) FROM t", "--to", second, "--timeline", "2"))
                .containsExactly("10");
        Ended again = does(0, inPlace("--to", first));
        assertThat(again.err()).contains("and was verified");
        assertThat(ask("SELECT max(a) FROM t")).containsExactly("20");
    }

    @Test
    @Order(7)
    @Tag("long")
    void a_restore_in_place_that_cannot_go_on_is_undone_with_its_tablespaces() throws Exception {
        String moment = moment();
        ask("INSERT INTO hot VALUES (4000)");
        archived();
        JsonNode copies = does(0, "backup", "list", "-o", "json").json().at("/clusters/0/backups");
        String label = copies.get(copies.size() - 1).path("label").asText();
        Path system;
        try (Stream<Path> all = Files.list(estate.folder().resolve("b/alone/tank"))) {
            system = all.filter(p -> p.getFileName().toString().matches("[0-9]+"))
                    .findFirst()
                    .orElseThrow();
        }
        Path data = system.resolve("backup/tank/" + label + "/pg_data");
        Path aside = Files.move(data.resolve("base"), data.resolve("base.aside"));
        try {
            does(5, inPlace("--to", moment, "--override=unread"));
        } finally {
            Files.move(aside, data.resolve("base"));
        }
        does(0, "restore", "tank", "--undo", "--yes");
        assertThat(ask("SELECT max(id) FROM hot")).containsExactly("4000");
        does(0, "plan", "--detailed-exitcode");
    }

    /** Everything but the topology file, the repository and its passphrase is lost; the machine is another one. */
    @Test
    @Order(8)
    void a_lost_machine_is_brought_back_from_the_repository_and_the_passphrase_that_was_kept_elsewhere()
            throws Exception {
        ask("CREATE TABLE last (id int)", "INSERT INTO last SELECT generate_series(1, 500)");
        archived();
        String passphrase = does(0, "backup", "escrow", "-o", "json")
                .json()
                .at("/secrets/tank~1backup~1encryption")
                .asText();
        estate.lost();
        for (Path left : List.of(space, space.resolveSibling("late"))) {
            RealEstate.delete(left);
        }
        Path kept = Files.writeString(estate.folder().resolve("passphrase"), passphrase);
        Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rw-------"));
        estate.rewrite(estate.text().replace("encryption: generated", "encryption: file:" + kept));

        does(0, inPlace("--to", "latest"));

        assertThat(ask("SELECT count(*) FROM last")).containsExactly("500");
        assertThat(ask("SELECT max(id) FROM hot")).isNotEmpty();
        does(0, "plan", "--detailed-exitcode");
        JsonNode held = does(0, "backup", "list", "-o", "json").json().at("/clusters/0");
        assertThat(held.path("windows")).as(held.toString()).isNotEmpty();
    }
}
