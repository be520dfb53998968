package dev.holdfast.cli.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.FaultRow;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Both engines on hosts that are reached by SSH, with one fault of a host or of the way to it at a time. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnhealthyHostsTest {

    private Fleet fleet;
    private RealEstate estate;

    @BeforeAll
    void an_estate_on_three_hosts() throws Exception {
        fleet = Fleet.of("a1", "b1", "c1");
        estate = RealEstate.onHosts(topology("root", ""), fleet.network());
        Ended ended = estate.run("apply", "--yes");
        assertThat(ended.exit()).as(ended.toString()).isZero();
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

    /** @param more lines of the cluster payments */
    private String topology(String user, String more) {
        String mongod = Arrays.stream(RealEstate.servers().split(":"))
                .filter(folder -> Files.isExecutable(Path.of(folder, "mongod")))
                .findFirst()
                .map(folder -> "\n    binaries: " + folder)
                .orElse("");
        return """
                apiVersion: holdfast.dev/v1
                name: hosts-test
                environment: lab
                """ + fleet.lines(user) + """
                clusters:
                  notes:
                    engine: mongodb""" + mongod + """

                    replicaSet: [ a1, b1, c1 ]
                    settings:
                      storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
                      storage.wiredTiger.engineConfig.configString: "log=(file_max=8MB,prealloc=false)"
                  payments:
                    engine: postgresql
                    primary: a1
                    standbys: { b1: async }
                    settings: { shared_buffers: 16MB, max_wal_size: 256MB }
                """ + more;
    }

    @TestFactory
    Stream<DynamicTest> the_fault_is_named_and_its_hint_leads_out() {
        return rows().stream()
                .filter(r -> r.isAsked(Set.of()))
                .map(r -> DynamicTest.dynamicTest(r.toString(), () -> r.run(estate)));
    }

    /** The host does not let Holdfast in, and its servers answer: status names it, and what could not be compared. */
    private FaultRow withoutShell(String name, FaultRow.ManualAction injection, String why, FaultRow.ManualAction out) {
        return FaultRow.of(name, injection)
                .silent()
                .status("payments", "b1", why)
                .plan(
                        10,
                        "payments/servers/b1: the host b1 does not answer",
                        "notes/notes/b1: the host b1 does not answer",
                        why)
                .never("different major versions", "is down", "is stopped", "end the process")
                .onlyManually("make the host answer", out);
    }

    private List<FaultRow> rows() {
        Path known = fleet.knownHosts();
        Path kept = fleet.folder().resolve("kept");
        List<FaultRow> rows = new ArrayList<>();
        rows.add(withoutShell(
                "host cut off",
                () -> fleet.host("b1").cut(),
                "no answer to a connection attempt within",
                () -> fleet.host("b1").repair()));
        rows.add(withoutShell(
                "host stands still",
                () -> fleet.host("b1").freeze(),
                "Read timed out",
                () -> fleet.host("b1").thaw()));
        rows.add(withoutShell(
                "host key changed",
                () -> {
                    Files.copy(known, kept);
                    List<String> lines = new ArrayList<>(Files.readAllLines(known));
                    lines.set(1, lines.get(1).replaceFirst(" .*", lines.get(0).replaceFirst("^[^ ]*", "")));
                    Files.write(known, lines);
                },
                "the host key has CHANGED",
                () -> Files.move(kept, known, StandardCopyOption.REPLACE_EXISTING)));
        rows.add(withoutShell(
                "host key unknown",
                () -> {
                    Files.copy(known, kept);
                    List<String> lines = new ArrayList<>(Files.readAllLines(known));
                    lines.remove(1);
                    Files.write(known, lines);
                },
                "is not in " + known,
                () -> Files.move(kept, known, StandardCopyOption.REPLACE_EXISTING)));
        rows.add(withoutShell(
                "answers cut short",
                () -> fleet.host("b1").cutAnswersShort(),
                "truncated",
                () -> fleet.host("b1").answerInFull()));
        return rows;
    }

    @Test
    void another_user_who_logs_in_reports_no_server_as_down_and_is_not_asked_to_end_any() throws Exception {
        estate.rewrite(topology(Fleet.USER, ""));
        try {
            Ended status = estate.run("status", "--exit-code");
            assertThat(status.exit()).as(status.toString()).isIn(0, 5, 10);
            assertThat(status.out())
                    .doesNotContain("DOWN")
                    .doesNotContain("is down")
                    .doesNotContain("is stopped");
            Ended plan = estate.run("plan", "--detailed-exitcode");
            assertThat(plan.out() + plan.err())
                    .doesNotContain("end the process")
                    .doesNotContain("end the named process")
                    .doesNotContain("end that process")
                    .doesNotContain("removes the remains")
                    .doesNotContain("Start ");
        } finally {
            estate.rewrite(topology("root", ""));
        }
    }

    @Test
    void a_change_on_a_host_that_answers_is_made_while_another_does_not_answer() throws Exception {
        fleet.host("b1").cut();
        try {
            String users = topology("root", "    users: { clerk: { roles: [ pg_read_all_data ] } }\n")
                    .replace("    replicaSet:", "    users: { clerk: { roles: [ read@notes ] } }\n    replicaSet:");
            estate.rewrite(users);
            Ended applied = estate.run("apply", "--yes");
            assertThat(applied.exit()).as(applied.toString()).isIn(5, 10);
            assertThat(applied.err())
                    .contains("Create the role clerk")
                    .contains("Create user clerk on notes")
                    .contains("host b1 does not answer");
        } finally {
            fleet.host("b1").repair();
        }
        Ended applied = estate.run("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isZero();
    }
}
