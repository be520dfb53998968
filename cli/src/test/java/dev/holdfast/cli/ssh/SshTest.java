package dev.holdfast.cli.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Hosts that answer, do not answer, or are not who they should be; an estate of which nothing runs yet. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("real")
class SshTest {

    private Fleet fleet;
    private RealEstate estate;

    @BeforeAll
    void three_hosts() throws Exception {
        fleet = Fleet.of("a1", "b1", "c1");
        estate = RealEstate.onHosts(topology(fleet.lines("root")), fleet.network());
    }

    @AfterEach
    void all_hosts_answer_again() throws IOException {
        estate.rewrite(topology(fleet.lines("root")));
        Ended status = estate.run("status");
        assertThat(status.exit()).as(status.toString()).isZero();
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

    private static String topology(String hosts) {
        return """
                apiVersion: holdfast.dev/v1
                name: ssh-test
                environment: lab
                """ + hosts + """
                clusters:
                  notes:
                    engine: mongodb
                    objectives: { rpo: 1m, rto: 1m }
                    replicaSet: [ a1, b1, c1 ]
                """;
    }

    /** Ended within a bound that a person waits for, on a busy machine. */
    private Ended soon(String... words) {
        long began = System.nanoTime();
        Ended ended = estate.run(words);
        assertThat(System.nanoTime() - began)
                .as(String.join(" ", words) + ": " + ended)
                .isLessThan(TimeUnit.SECONDS.toNanos(90));
        return ended;
    }

    private void isSilent(String why) {
        isSilent(why, 10);
    }

    /** @param exit of an apply: a name that other hosts do not know either is an error of the topology, 4 */
    private void isSilent(String why, int exit) {
        Ended status = soon("status");
        assertThat(status.exit()).as(status.toString()).isEqualTo(10);
        assertThat(status.out()).contains("SILENT").contains(why);
        Ended applied = soon("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isEqualTo(exit);
        assertThat(applied.err()).contains("host b1 does not answer, so nothing is changed there: ");
        assertThat(applied.err()).contains(why).contains("HINT");
        Ended destroyed = soon("destroy", "--yes");
        assertThat(destroyed.exit()).as(destroyed.toString()).isEqualTo(10);
        assertThat(destroyed.err()).contains("b1: destroy needs every host").contains(why);
    }

    @Test
    void each_host_is_contacted_by_itself() throws Exception {
        Ended status = estate.run("status", "-o", "json");
        assertThat(status.exit()).as(status.toString()).isZero();
        for (TestHost host : fleet.hosts()) {
            assertThat(Files.readString(fleet.folder().resolve(host.name() + ".log")))
                    .contains("Accepted publickey for root");
        }
    }

    @Test
    void a_host_that_is_cut_off_is_silent() throws Exception {
        fleet.host("b1").cut();
        isSilent("no answer to a connection attempt within 3 s");
        fleet.host("b1").repair();
    }

    @Test
    void a_frozen_host_is_silent() throws Exception {
        fleet.host("b1").freeze();
        isSilent("Read timed out");
        fleet.host("b1").thaw();
    }

    @Test
    void a_host_without_an_ssh_server_is_silent() throws Exception {
        estate.rewrite(topology(fleet.lines("root").replaceFirst("(b1: .*user: root,)", "$1 port: 2222,")));
        isSilent("port 2222: no SSH server listens there");
    }

    @Test
    void a_host_with_another_key_is_not_contacted() throws Exception {
        Path known = fleet.knownHosts();
        String right = Files.readString(known);
        List<String> lines = new ArrayList<>(right.lines().toList());
        lines.set(1, lines.get(1).replaceFirst(" .*", lines.get(0).replaceFirst("^[^ ]*", "")));
        Files.writeString(known, String.join("\n", lines) + "\n");
        isSilent("the host key has CHANGED");
        Files.writeString(known, right);
    }

    @Test
    void a_user_who_is_not_let_in_gets_a_clear_error() throws Exception {
        Path other = fleet.folder().resolve("other");
        estate.rewrite(topology(fleet.lines("root").replaceFirst("(b1: .*) key: [^,]*,", "$1 key: " + other + ",")));
        isSilent("the key " + other + " is not accepted for user root");
    }

    @Test
    void a_name_that_is_no_address_gets_a_clear_error() throws Exception {
        estate.rewrite(topology(fleet.lines("root").replaceFirst("(b1: .*)address: [^,]*,", "$1address: b1.invalid,")));
        isSilent("this name has no address", 4);
    }
}
