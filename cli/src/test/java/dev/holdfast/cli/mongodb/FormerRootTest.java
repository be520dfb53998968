package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Intruder;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Members that run as root, as an earlier version of Holdfast left them, become servers of their own user. */
@Tag("real")
class FormerRootTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: former
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
              c1: { address: 127.0.1.3, zone: c, region: r, reach: local }
            clusters:
              db:
                engine: mongodb
                replicaSet: { name: rs, members: [ a1, b1, c1 ], electionTimeout: 3s, heartbeat: 500ms }
                settings:
                  storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
            """;

    private static void shell(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(command + ": " + said).isZero();
    }

    /** The state that an earlier version has left: everything belongs to root, and no other user can search the directory. */
    private static void belongsToRoot(Path directory) throws Exception {
        shell("chown -R root: " + directory + " && chmod 700 " + directory + " && rm -f " + directory + "/run/*.sock");
    }

    private static void startAsRoot(Path directory) throws Exception {
        shell("cd / && setsid -f sh -c 'echo $$ >" + directory + "/run/pid; exec " + RealSet.mongod() + " -f "
                + directory + "/mongod.conf' </dev/null >/dev/null 2>&1");
    }

    private static Instant started(RealSet set, String id) throws IOException {
        return ProcessHandle.of(set.pid(id))
                .flatMap(p -> p.info().startInstant())
                .orElseThrow();
    }

    @Test
    void members_that_run_as_root_become_members_of_the_user_one_after_another() throws Exception {
        Intruder.MONGODB.assumed();
        try (RealEstate estate = RealEstate.ofText(TOPOLOGY)) {
            Ended created = estate.run("apply", "--yes");
            assertThat(created.exit()).as(created.toString()).isZero();
            RealSet set = new RealSet(estate, "db/rs");
            String primary = set.awaitPrimary();
            for (int i = 0; i < 20; i++) {
                Document reply = set.runCommand(
                        primary,
                        "{insert: 'kept', documents: [{_id: " + i
                                + "}], writeConcern: {w: 3, j: true, wtimeout: 60000}}");
                assertThat(reply.containsKey("writeConcernError"))
                        .as(reply.toJson())
                        .isFalse();
            }
            List<String> ids = List.of("db/rs/a1", "db/rs/b1", "db/rs/c1");
            for (String id : ids) {
                set.kill(id);
                belongsToRoot(set.directory(id));
                startAsRoot(set.directory(id));
            }
            primary = set.awaitPrimary();
            assertThat(Files.getOwner(Path.of("/proc/" + set.pid(primary))).getName())
                    .isEqualTo("root");
            List<String> others = new ArrayList<>(ids);
            others.remove(primary);

            Patience.until("each restart is planned with its reason", () -> {
                String planned = estate.run("plan").out();
                return ids.stream().allMatch(id -> planned.contains("Restart " + id))
                        && planned.contains("the server runs as user root, desired mongodb");
            });
            // a restart that was killed after the member had been given away in part
            set.kill(others.get(0));
            shell("chown -R mongodb " + set.directory(others.get(0)) + "/log " + set.directory(others.get(0))
                    + "/data/journal");

            Ended applied = estate.run("apply", "--yes");
            assertThat(applied.exit()).as(applied.toString()).isZero();
            assertThat(started(set, others.get(1)))
                    .as("the primary is the last one")
                    .isBefore(started(set, primary));
            for (String id : ids) {
                Path directory = set.directory(id);
                assertThat(Files.getOwner(Path.of("/proc/" + set.pid(id))).getName())
                        .isEqualTo("mongodb");
                assertThat(Files.getOwner(directory).getName()).isEqualTo("root");
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                        .isEqualTo("rwx--x--x");
                shell("test -z \"$(find " + directory + "/data " + directory + "/log " + directory
                        + "/run ! -user mongodb)\"");
            }
            Patience.until(
                    "nothing is to do",
                    () -> estate.run("plan", "--detailed-exitcode").exit() == 0);
            // without a query, a server that was killed gives the number of an earlier checkpoint
            assertThat(set.runCommand(set.awaitPrimary(), "{count: 'kept', query: {_id: {$gte: 0}}}")
                            .get("n"))
                    .isEqualTo(20);
        }
    }
}
