package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.ServersUser;
import dev.holdfast.postgres.RoleChangeRow;
import dev.holdfast.postgres.RoleChangeRow.Candidate;
import dev.holdfast.postgres.RoleChangeRow.Old;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Brings a healthy real trio into a state of the table of role changes, and knows which rows were acknowledged. */
final class RoleChangeScene {

    private static final int ROWS = 20;

    private final RealTrio trio;
    private final String old;
    private final String candidate;
    private final Set<Integer> acknowledged = new TreeSet<>();
    private int next;

    RoleChangeScene(RealTrio trio) throws SQLException, IOException {
        this.trio = trio;
        this.old = trio.primary();
        this.candidate = old.equals("a1") ? "b1" : "a1";
        trio.ask(old, "CREATE TABLE IF NOT EXISTS acked (id int PRIMARY KEY)", "TRUNCATE acked");
    }

    /** The page names a1 and b1; here the members may have changed places. */
    String placed(String command) {
        return command.replace("a1", "OLD").replace("b1", candidate).replace("OLD", old);
    }

    String candidate() {
        return candidate;
    }

    void arrange(RoleChangeRow row, boolean hasRecord) throws Exception {
        write(old);
        if (row.old() == Old.ANSWERS) {
            sideBySide(row.candidate());
        } else if (row.candidate().isPromoted()) {
            promoted(row);
        } else {
            notPromoted(row);
        }
        if (row.old() == Old.FOLDER_GONE) {
            remove(trio.directory(old));
        }
        if (!hasRecord) {
            for (String host : List.of("a1", "b1", "d1")) {
                Files.deleteIfExists(trio.directory(host).resolve("history"));
            }
        }
    }

    /** The old primary lives; the candidate is promoted by hand where the state wants it. */
    private void sideBySide(Candidate desired) throws Exception {
        if (desired.isPromoted()) {
            trio.ask(candidate, "SELECT pg_promote()");
        }
        end(desired);
    }

    private void notPromoted(RoleChangeRow row) throws Exception {
        if (row.candidate() == Candidate.LACKS) {
            writtenWithoutTheCandidate();
        }
        kill(old);
        if (row.candidate() == Candidate.LACKS) {
            started(candidate);
        }
        if (row.old() == Old.FENCED) {
            List<String> words = new ArrayList<>(failover());
            if (row.candidate() == Candidate.LACKS) {
                words.add("--accept-data-loss");
            }
            // what follows before the promotion has nothing to do: no route takes writes any more
            trio.estate.killedAfter("Close client endpoints and fence", words.toArray(String[]::new));
            assertThat(trio.directory(old).resolve("fence")).exists();
        }
        end(row.candidate());
    }

    private void promoted(RoleChangeRow row) throws Exception {
        kill(old);
        String[] words = failover().toArray(String[]::new);
        if (row.candidate() == Candidate.PROMOTED_RUNS && row.old() == Old.FENCED) {
            trio.estate.killedIn("Set primary_conninfo on d1", words);
        } else {
            trio.does(5, words);
        }
        write(candidate);
        if (row.old() == Old.STOPPED) {
            Files.delete(trio.directory(old).resolve("fence"));
        }
        end(row.candidate());
    }

    private static List<String> failover() {
        return List.of("failover", "payments", "--override=failover-again", "--yes");
    }

    private void end(Candidate desired) throws Exception {
        switch (desired) {
            case RUNS, LACKS, PROMOTED_RUNS -> {}
            case STOPPED, PROMOTED_STOPPED -> kill(candidate);
            case GONE, PROMOTED_GONE -> {
                kill(candidate);
                remove(trio.directory(candidate));
            }
            case BROKEN -> {
                kill(candidate);
                remove(trio.directory(candidate).resolve("data/pg_wal"));
            }
        }
    }

    /** Commits that only the old primary has, and that its clients were acknowledged. */
    private void writtenWithoutTheCandidate() throws Exception {
        kill(candidate);
        trio.ask(old, "ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()");
        Patience.until(
                "commits wait for no standby",
                () -> trio.ask(old, "SHOW synchronous_standby_names").equals(List.of("")));
        write(old);
        trio.ask(old, "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
    }

    /** As a service manager starts it. */
    private void started(String host) throws Exception {
        Path home = trio.directory(host);
        String program = "\"$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)\"/pg_ctl -D " + home
                + "/data -o \"-c config_file='" + home + "/conf/postgresql.conf'\" -l " + home
                + "/log/by-hand.log -s -w start </dev/null >/dev/null 2>&1";
        // a killed process keeps the lock file until it is no zombie any more
        Patience.until(
                host + " starts by hand",
                () -> ServersUser.removeLocksOfEnded(home)
                        && new ProcessBuilder(ServersUser.words("sh", "-c", program))
                                        .directory(home.toFile())
                                        .start()
                                        .waitFor()
                                == 0);
    }

    void kill(String host) throws Exception {
        RealTrio.signal("KILL", trio.processes(host));
        Patience.until(host + " has ended", () -> trio.processes(host).isEmpty());
    }

    static void remove(Path folder) throws Exception {
        assertThat(new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor())
                .isZero();
    }

    /** Each row that it writes is acknowledged, or the test fails. */
    void write(String host) throws SQLException, IOException {
        try (Connection connection = trio.admin(host, RealTrio.SERVER)) {
            for (int i = 0; i < ROWS; i++) {
                RealTrio.ask(connection, "INSERT INTO acked VALUES (" + ++next + ")");
                acknowledged.add(next);
            }
        }
    }

    /** The acknowledged rows that are not there any more. */
    Set<Integer> lost() throws SQLException, IOException {
        Set<Integer> lost = new TreeSet<>(acknowledged);
        trio.ask(trio.primary(), "SELECT id::text FROM acked").forEach(id -> lost.remove(Integer.valueOf(id)));
        return lost;
    }
}
