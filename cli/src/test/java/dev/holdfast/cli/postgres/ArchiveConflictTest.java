package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.LiveFolder;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate.Ended;
import dev.holdfast.cli.ServersUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Two members that are promoted at the same time take the same timeline number. The repository then has WAL of the stray one under
 * names that the primary needs, and pgBackRest refuses the WAL of the primary.
 */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchiveConflictTest {

    private static final List<String> DETACHED =
            List.of("ALTER SYSTEM SET primary_conninfo = ''", "ALTER SYSTEM SET restore_command = ''");

    private static final String SET_ASIDE = "Set aside WAL of another server";

    private static final Pattern LISTENS = Pattern.compile(" on 127\\.[0-9.]+:([0-9]+) has the data of ");

    private RealTrio trio;
    private Path repository;

    @BeforeAll
    void a_trio_that_archives_is_created() throws IOException {
        trio = new RealTrio(RealTrio.TOPOLOGY.replace(
                "    settings:",
                "    backup: { full: weekly, incremental: daily, archive: continuous }\n" + "    settings:"));
        trio.applied();
        trio.does(0, "backup", "run", "payments", "--yes");
        repository = trio.estate.folder().resolve("backup/trio-test/payments");
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        trio.close();
    }

    private String ask(String host, String... sql) throws Exception {
        return trio.ask(host, sql).get(0);
    }

    private void detach(String host, String slot) throws Exception {
        for (String setting : DETACHED) {
            trio.ask(host, setting);
        }
        trio.ask(host, "SELECT pg_reload_conf()");
        Patience.until(
                host + " is detached",
                () -> ask("a1", "SELECT count(*) FROM pg_stat_replication WHERE application_name = '" + slot + "'")
                        .equals("0"));
    }

    /** Promotes a member, and ends one of its segments with a commit of its own. */
    private String promote(String host, String table) throws Exception {
        assertThat(ask(host, "SELECT pg_promote(true, 60)")).isEqualTo("t");
        trio.ask(host, "CHECKPOINT"); // as after each failover: before it, the control file names the old timeline
        trio.ask(host, "ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()");
        trio.ask(host, "CREATE TABLE " + table + " AS SELECT 1 AS a");
        return ask(host, "SELECT pg_walfile_name(pg_switch_wal())");
    }

    /** Records the role of a member, as a failover does while the host of its former primary does not answer. */
    private void recordFailover(String promoted) throws Exception {
        for (String host : List.of("a1", "b1", "d1")) {
            Path history = trio.directory(host).resolve("history");
            List<String> lines = Files.readAllLines(history);
            long epoch = Long.parseLong(lines.get(lines.size() - 1).split("\t")[0]) + 1;
            List<String> words = List.of(
                    Long.toString(epoch),
                    Instant.now().toString(),
                    Integer.toString(trio.timeline(promoted)),
                    promoted,
                    "failover",
                    "");
            Files.writeString(history, String.join("\t", words) + "\n", StandardOpenOption.APPEND);
        }
    }

    private List<Path> archived(String pattern) throws IOException {
        try (Stream<Path> all = LiveFolder.walk(repository)) {
            return all.filter(p -> p.getFileName().toString().matches(pattern)).toList();
        }
    }

    private void ends(String host) throws Exception {
        RealTrio.signal("KILL", trio.processes(host));
        Patience.until(host + " has ended", () -> trio.processes(host).isBlank());
    }

    @Test
    void wal_of_a_stray_primary_in_the_repository_is_named_and_set_aside() throws Exception {
        trio.ask("a1", "ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()");
        detach("d1", "d1");
        trio.ask("a1", "CREATE TABLE later AS SELECT 1 AS a");
        String written = ask("a1", "SELECT pg_current_wal_lsn()");
        Patience.until(
                "b1 has replayed it",
                () -> ask("b1", "SELECT pg_last_wal_replay_lsn() >= '" + written + "'")
                        .equals("t"));
        detach("b1", "b1");
        String stray = promote("d1", "only_d1");
        trio.ask("d1", "CREATE TABLE again_only_d1 AS SELECT 1 AS a");
        String later = ask("d1", "SELECT pg_walfile_name(pg_switch_wal())");
        Patience.until("the archive has " + later, () -> LiveFolder.archives(repository, later));
        String own = promote("b1", "only_b1");
        assertThat(own).isEqualTo(stray);
        recordFailover("b1");
        // the history of d1, which forks earlier, arrives last
        Path history = trio.directory("d1").resolve("data/pg_wal/archive_status/" + own.substring(0, 8) + ".history");
        Files.move(Path.of(history + ".done"), Path.of(history + ".ready"));
        trio.ask("d1", "SELECT txid_current()", "SELECT pg_switch_wal()");
        Patience.until("d1 has archived it again", () -> Files.exists(Path.of(history + ".done")));
        ends("a1");
        ends("d1");
        Patience.until(
                "the archiver of b1 fails",
                () -> ask("b1", "SELECT last_failed_wal FROM pg_stat_archiver").equals(own));
        String refusal = "ERROR: [045]";
        for (String[] words :
                List.of(new String[] {"plan"}, new String[] {"status"}, new String[] {"backup", "list", "payments"})) {
            Ended ended = trio.estate.run(words);
            assertThat(ended.toString())
                    .as(String.join(" ", words))
                    .contains(own)
                    .contains("the repository has WAL of another server under this name")
                    .contains(refusal);
        }
        assertThat(trio.estate.run("plan").toString()).contains(SET_ASIDE);
        assertThat(trio.estate.run("backup", "list", "payments").toString()).contains("holdfast apply sets");

        // a member that returns would replay the WAL of d1
        Ended rejoined = trio.estate.run("rejoin", "payments/servers/a1", "--yes");
        assertThat(rejoined.exit()).as(rejoined.toString()).isIn(0, 5);
        assertThat(rejoined.err()).contains(SET_ASIDE);
        assertThat(names("set-aside")).hasSizeGreaterThanOrEqualTo(2).anyMatch(n -> n.startsWith(later + "-"));
        assertThat(ask("a1", "SELECT to_regclass('only_d1') IS NULL")).isEqualTo("t");
        trio.does(0, "rejoin", "payments/servers/d1", "--yes");
        trio.applied();
        trio.settled();
        String last = ask("b1", "SELECT pg_walfile_name(pg_switch_wal())");
        Patience.until("the archive has " + last, () -> LiveFolder.archives(repository, last));
        String timeline = own.substring(0, 8) + ".history";
        Patience.until("the archive has the history of b1", () -> {
            Path archived = archived(timeline).get(0);
            return Files.readString(archived)
                    .equals(Files.readString(trio.directory("b1").resolve("data/pg_wal/" + timeline)));
        });

        // a restore from the backup of before replays the WAL of b1
        Ended restored = trio.does(0, "restore", "payments", "--to", "latest", "--yes");
        Matcher listens = LISTENS.matcher(restored.out() + restored.err());
        assertThat(listens.find()).as(restored.toString()).isTrue();
        try (Connection copy = trio.admin("d1", Integer.parseInt(listens.group(1)))) {
            assertThat(RealTrio.ask(copy, "SELECT to_regclass('only_b1') IS NOT NULL"))
                    .containsExactly("t");
            assertThat(RealTrio.ask(copy, "SELECT to_regclass('only_d1') IS NULL"))
                    .containsExactly("t");
        }
        trio.does(0, "restore", "payments", "--discard", "--yes");
        aStandbyWithOtherWalOfTheSameTimelineIsCloned();
    }

    /** Both members were promoted at the same place, so that their timelines have one number and one beginning. */
    private void aStandbyWithOtherWalOfTheSameTimelineIsCloned() throws Exception {
        ends("b1");
        Patience.until("a1 and d1 have the same WAL", () -> replayed("a1").equals(replayed("d1")));
        for (String host : List.of("a1", "d1")) {
            for (String setting : DETACHED) {
                trio.ask(host, setting);
            }
            trio.ask(host, "SELECT pg_reload_conf()");
        }
        promote("d1", "again_of_d1");
        promote("a1", "only_a1");
        trio.ask("a1", "CREATE TABLE later_of_a1 AS SELECT 1 AS a", "SELECT pg_switch_wal()");
        recordFailover("a1");
        manually("d1", "stop");
        manually("d1", "start");
        assertThat(ask("d1", "SELECT pg_is_in_recovery() AND to_regclass('again_of_d1') IS NOT NULL"))
                .isEqualTo("t");
        Ended status = trio.estate.run("status");
        assertThat(status.toString())
                .contains("d1 has diverged: the last WAL record that the member replayed is at ")
                .contains("the member replayed WAL of another server");
        assertThat(trio.estate.run("plan").toString()).contains("holdfast rejoin payments/servers/d1");
        Ended rejoined = trio.estate.run("rejoin", "payments/servers/d1", "--yes");
        assertThat(rejoined.exit()).as(rejoined.toString()).isIn(0, 5);
        assertThat(rejoined.err()).contains("preserve the data of d1 and clone it again");
        if (rejoined.toString().contains("CODE: rows-not-kept")) {
            // d1 has already received WAL of a1 in place of its own, so its rows are only in its data directory
            rejoined = trio.estate.run("rejoin", "payments/servers/d1", "--yes", "--override=rows-not-kept");
            assertThat(rejoined.exit()).as(rejoined.toString()).isIn(0, 5);
        }
        assertThat(ask("d1", "SELECT to_regclass('again_of_d1') IS NULL AND to_regclass('later_of_a1') IS NOT NULL"))
                .as(rejoined.toString())
                .isEqualTo("t");
    }

    private String replayed(String host) throws Exception {
        return ask(host, "SELECT pg_last_wal_replay_lsn()");
    }

    /** Stops or starts a server as its own user does, as a standby. */
    private void manually(String host, String verb) throws Exception {
        Path directory = trio.directory(host);
        String line =
                "touch data/standby.signal && /usr/lib/postgresql/$(cat data/PG_VERSION)/bin/pg_ctl -D data -m fast -w -s"
                        + " -l /dev/null -o '-c config_file=" + directory + "/conf/postgresql.conf' " + verb;
        assertThat(new ProcessBuilder(ServersUser.words("sh", "-c", "cd " + directory + " && " + line))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private List<String> names(String part) throws IOException {
        return archived("[0-9A-F]{24}-.*").stream()
                .filter(p -> p.toString().contains("/" + part + "/"))
                .map(p -> p.getFileName().toString())
                .toList();
    }
}
