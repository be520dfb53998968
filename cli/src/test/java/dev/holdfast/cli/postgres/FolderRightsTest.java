package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Intruder;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Holdfast works as root on a real trio, and the servers' user postgres tries to lead it to files of root. */
@EnabledIfSystemProperty(
        named = "user.name",
        matches = "root",
        disabledReason = "this needs root, whose servers run as another user")
@Tag("real")
class FolderRightsTest {

    private static final String SECRET = "root's own";

    private RealTrio trio;
    private Path target;

    @BeforeEach
    void a_trio_is_applied() throws IOException {
        trio = new RealTrio(RealTrio.TOPOLOGY);
        trio.applied();
        target = Files.writeString(Files.createTempFile("target", ""), SECRET);
    }

    @AfterEach
    void nothing_is_left() throws IOException {
        Files.delete(target);
        trio.close();
    }

    private static int asPostgres(String command) throws Exception {
        return Intruder.POSTGRES.tries(command);
    }

    private void targetIsUntouched() throws IOException {
        assertThat(target).hasContent(SECRET);
        assertThat(Files.getOwner(target).getName()).isEqualTo("root");
        assertThat(Files.getPosixFilePermissions(target)).hasSize(2);
    }

    @Test
    void the_servers_user_cannot_replace_files_that_root_uses() throws Exception {
        Path folder = trio.directory("a1");
        for (String attempt : List.of(
                "touch " + folder + "/fence",
                "ln -s " + target + " " + folder + "/rewind",
                "mv " + folder + "/conf " + folder + "/conf2",
                "mv " + folder + "/run " + folder + "/run2",
                "rm -f " + folder + "/holdfast.node",
                "ln -s " + target + " " + folder + "/conf/.draft",
                "mv " + folder + "/data " + folder + "/data2")) {
            assertThat(asPostgres(attempt)).as(attempt).isNotZero();
        }
        anotherUserReadsAndChangesNothing(folder);
        aFolderOfAnEarlierVersionIsGivenToRoot(trio.directory("b1"));
    }

    private void anotherUserReadsAndChangesNothing(Path folder) throws Exception {
        for (String attempt : List.of(
                "cat %s/conf/pgpass",
                "ls %s/data",
                "cat %s/data/PG_VERSION",
                "cat %s/data/postmaster.pid",
                "ls %s/log",
                "ls %s/run",
                "ln -s " + target + " %s/data/standby.signal.new",
                "ln -s " + target + " %s/log/clone.log",
                "ln -s " + target + " %s/run/rows",
                "ln -s " + target + " %s/fence",
                "ln -s " + target + " %s/conf/.draft",
                "echo 1 >%s/data/postmaster.pid",
                "echo x >>%s/conf/pg_hba.conf",
                "mv %s/data %s/data2",
                "mv %s %s.moved",
                "ls " + trio.estate.folder() + "/home",
                "kill -TERM " + trio.postmaster("a1"))) {
            String command = attempt.replace("%s", folder.toString());
            assertThat(Intruder.NOBODY.tries(command)).as(command).isNotZero();
        }
        assertThat(Intruder.NOBODY.tries("test -e " + folder + "/holdfast.node"))
                .as("it can reach the folder")
                .isZero();
    }

    private void aFolderOfAnEarlierVersionIsGivenToRoot(Path folder) throws Exception {
        Files.setOwner(
                folder, folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
        assertThat(asPostgres("ln -s " + target + " " + folder + "/rewind")).isZero();
        Ended refused = trio.estate.run("apply", "--yes");
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(5);
        assertThat(refused.toString())
                .contains("these links were not made by root, but root would follow them: " + folder + "/rewind");
        Files.delete(folder.resolve("rewind"));
        trio.repairs("Update the configuration of b1");
        assertThat(Files.getOwner(folder).getName()).isEqualTo("root");
        targetIsUntouched();
    }

    @Test
    void links_in_folders_of_the_servers_user_are_not_followed() throws Exception {
        for (String host : List.of("a1", "b1", "d1")) {
            Path folder = trio.directory(host);
            for (String name : List.of(
                    "data/standby.signal.new",
                    "data/postgresql.conf.new",
                    "data/postgresql.auto.conf.new",
                    "log/rewind.log",
                    "log/clone.log",
                    "log/initdb.log",
                    "run/rows",
                    "run/.password",
                    "run/killed.user")) {
                assertThat(asPostgres("ln -sf " + target + " " + folder.resolve(name)))
                        .as(name)
                        .isZero();
            }
        }
        Path proxy = trio.proxyDirectory("a1").resolve("run");
        String owner = Files.getOwner(proxy).getName();
        new ProcessBuilder("runuser", "-u", owner, "--", "ln", "-s", target.toString(), proxy + "/state.new")
                .inheritIO()
                .start()
                .waitFor();
        assertThat(proxy.resolve("state.new")).isSymbolicLink();

        assertThat(trio.ask("d1", "SELECT pg_promote(true, 60)")).containsExactly("t");
        trio.ask("d1", "CREATE TABLE stray AS SELECT 1 AS n");
        trio.does(0, "rejoin", "payments/servers/d1", "--yes", "--accept-data-loss");
        trio.kill(trio.postmaster("a1"));
        trio.failsOver("a1");
        trio.does(0, "rejoin", "payments/servers/a1", "--yes");
        trio.settled();
        targetIsUntouched();
    }
}
