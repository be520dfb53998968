package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Capability;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Failovers in which the record, the view of this machine or an earlier run is wrong about a real trio: evidence decides. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("real")
class RealEvidenceTest {

    private RealTrio trio;

    @BeforeAll
    void a_trio_is_created() throws IOException {
        trio = new RealTrio(RealTrio.TOPOLOGY);
        trio.applied();
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        trio.close();
    }

    private static String other(String host) {
        return host.equals("a1") ? "b1" : "a1";
    }

    private Ended failover(String... more) {
        List<String> words =
                new java.util.ArrayList<>(List.of("failover", "payments", "--yes", "--override=failover-again"));
        words.addAll(List.of(more));
        return trio.estate.run(words.toArray(String[]::new));
    }

    private void killed(String host) throws Exception {
        String pids = trio.processes(host);
        RealTrio.signal("KILL", pids);
        Patience.until(host + " has ended", () -> trio.processes(host).isEmpty());
    }

    private void back(String host) {
        trio.does(0, "rejoin", "payments/servers/" + host, "--yes");
        trio.applied();
        trio.settled();
    }

    @Test
    void a_standby_that_the_record_names_is_not_promoted_when_commits_did_not_wait_for_it() throws Exception {
        String lost = trio.primary();
        String stale = other(lost);
        killed(stale);
        trio.ask(lost, "ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()");
        try (Connection writes = trio.admin(lost, RealTrio.SERVER)) {
            Patience.until(
                    "commits wait for no standby",
                    () -> RealTrio.ask(writes, "SHOW synchronous_standby_names").equals(List.of("")));
            RealTrio.ask(writes, "CREATE TABLE IF NOT EXISTS stale (n int)");
            for (int i = 0; i < 20; i++) {
                RealTrio.ask(writes, "INSERT INTO stale VALUES (" + i + ")");
            }
            RealTrio.ask(writes, "ANALYZE stale"); // as autovacuum does, which is no row of a client
        }
        trio.ask(lost, "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
        killed(lost);

        Ended refused = failover("--to", stale);
        for (int attempt = 1; attempt < 8 && refused.exit() != 7; attempt++) {
            // the stopped standby is started first, and on a busy machine a look may stay without an answer
            assertThat(refused.exit()).as(refused.toString()).isIn(5, 10);
            refused = failover("--to", stale);
        }
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(7);
        assertThat(refused.err())
                .contains(stale + " can lack acknowledged commits")
                .contains("postgresql.auto.conf is newer than the history")
                .contains("bytes of WAL with 21 commits")
                .contains("holdfast apply");
        trio.applied();
        assertThat(trio.primary()).isEqualTo(lost);
        assertThat(trio.ask(lost, "SELECT count(*) FROM stale")).containsExactly("20");
        trio.applied();
        trio.settled();
    }

    @Test
    void a_candidate_that_dies_right_after_its_promotion_is_started_again_by_apply() throws Exception {
        String lost = trio.primary();
        String candidate = other(lost);
        killed(lost);
        trio.does(5, "failover", "payments", "--yes", "--override=failover-again");
        killed(candidate);
        Ended again = failover();
        assertThat(again.exit()).as(again.toString()).isNotZero();
        assertThat(again.err()).contains("start " + candidate + " again with holdfast apply");
        trio.does(5, "apply", "--yes"); // the old primary stays fenced until its rejoin
        assertThat(trio.primary()).isEqualTo(candidate);
        back(lost);
    }

    @Test
    void a_primary_whose_folder_is_gone_is_lost_and_its_standby_is_promoted_with_consent() throws Exception {
        String lost = trio.primary();
        String candidate = other(lost);
        killed(lost);
        Path moved = trio.directory(lost).resolveSibling("moved");
        Files.move(trio.directory(lost), moved);
        Ended refused = trio.does(7, "failover", "payments", "--yes", "--override=failover-again");
        assertThat(refused.err())
                .contains("the data directory of " + lost + " is missing, so later events are unknown")
                .contains("at most lost: what was committed after");
        trio.does(
                5,
                "failover",
                "payments",
                "--yes",
                "--override=failover-again",
                "--to",
                candidate,
                "--accept-data-loss");
        assertThat(trio.primary()).isEqualTo(candidate);
        new ProcessBuilder("rm", "-rf", moved.toString()).start().waitFor();
        trio.applied();
        assertThat(trio.primary()).isEqualTo(candidate);
    }

    @Test
    void a_primary_that_only_this_machine_does_not_reach_is_not_fenced() throws Exception {
        Capability.NET_ADMIN.assumed();
        String primary = trio.primary();
        int timeline = trio.timeline(primary);
        try {
            assertThat(nft("add table inet cut_cli; add chain inet cut_cli o { type filter hook output priority 0; };"
                            + " add rule inet cut_cli o meta skuid 0 ip daddr " + trio.address(primary) + " tcp dport "
                            + RealTrio.SERVER + " reject with tcp reset"))
                    .isTrue();
            Ended refused = failover("--accept-data-loss");
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
            assertThat(refused.err())
                    .contains(primary + " does not answer this machine, but is not lost")
                    .contains("on its own host the server answers through the local socket")
                    .contains(other(primary) + ", d1 streaming")
                    .contains("reaches the server, and so do the clients of the proxy");
        } finally {
            nft("delete table inet cut_cli");
        }
        assertThat(trio.primary()).isEqualTo(primary);
        assertThat(trio.timeline(primary)).isEqualTo(timeline);
        trio.settled();
    }

    private static boolean nft(String rules) throws Exception {
        return new ProcessBuilder("nft", rules).start().waitFor() == 0;
    }
}
