package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A switchover whose CLI was killed after the old primary had stopped, and whose candidate is lost. */
@Tag("real")
class InterruptedSwitchoverTest {

    private static void kill(RealTrio trio, String host) throws Exception {
        RealTrio.signal("KILL", trio.processes(host));
        Patience.until(host + " has ended", () -> trio.processes(host).isBlank());
    }

    @Test
    void no_other_member_is_promoted_before_the_candidate_is_observed_and_the_fence_names_the_promoted_one()
            throws Exception {
        try (RealTrio trio = new RealTrio(RealTrio.TOPOLOGY)) {
            trio.applied();
            trio.settled();
            trio.estate.killedAfter("Close client endpoints and stop a1", "switchover", "payments", "--yes");
            Path fence = trio.directory("a1").resolve("fence");
            assertThat(Files.readString(fence)).startsWith("switchover 1 b1 ");
            kill(trio, "b1");
            Path data = trio.directory("b1").resolve("data");
            boolean isPromoted = !Files.exists(data.resolve("standby.signal"));
            Path away = trio.directory("b1").resolve("away");
            Files.move(data, away);

            String doubt = "the switchover that fenced a1 was to promote b1; the data directory of b1 is missing";
            for (String to : new String[] {"a1", "d1"}) {
                Ended refused = trio.does(7, "switchover", "payments", "--to", to, "--yes");
                assertThat(refused.err()).contains(doubt).contains("holdfast failover payments");
            }
            Ended failover = trio.does(7, "failover", "payments", "--to", "d1", "--yes");
            assertThat(failover.err()).contains(doubt).contains("because the WAL of b1 cannot be read");
            assertThat(Files.readString(fence)).startsWith("switchover 1 b1 ");

            Files.move(away, data);
            if (isPromoted) { // the kill came too late
                trio.applied();
                return;
            }
            Ended other = trio.estate.run("switchover", "payments", "--to", "d1", "--yes");
            assertThat(other.exit()).as(other.toString()).isIn(0, 5);
            assertThat(other.err()).contains("Name d1 in the fence of a1");
            assertThat(trio.primary()).isEqualTo("d1");
            trio.applied();
            trio.does(0, "switchover", "payments", "--to", "a1", "--yes");
        }
    }

    /** A person promotes d1, which lacks the last commits of a1, while a1 waits for the end of the switchover to b1. */
    @Test
    void members_that_stopped_as_primary_are_compared_by_the_commits_of_their_own() throws Exception {
        try (RealTrio trio = new RealTrio(RealTrio.TOPOLOGY)) {
            trio.applied();
            trio.settled();
            trio.ask("d1", "ALTER SYSTEM SET primary_conninfo = ''");
            trio.ask("d1", "SELECT pg_reload_conf()");
            Patience.until(
                    "d1 is detached",
                    () -> trio.ask("a1", "SELECT count(*) FROM pg_stat_replication WHERE application_name = 'd1'")
                            .get(0)
                            .equals("0"));
            trio.ask("a1", "CREATE TABLE kept AS SELECT 1 AS a", "INSERT INTO kept VALUES (2)");
            trio.estate.killedAfter("Close client endpoints and stop a1", "switchover", "payments", "--yes");
            kill(trio, "b1");
            if (!Files.exists(trio.directory("b1").resolve("data/standby.signal"))) { // the kill came too late
                return;
            }
            trio.ask("d1", "SELECT pg_promote(true, 60)");
            trio.ask("d1", "CHECKPOINT");
            trio.ask("d1", "CREATE TABLE other AS SELECT 1 AS a");
            kill(trio, "d1");

            Ended planned = trio.estate.run("plan");
            assertThat(planned.toString())
                    .contains("several members stopped as primary: ")
                    .contains("a1 on timeline 1 with 2 commits of its own")
                    .contains("d1 on timeline 2 with 1 commit of its own");
            Ended refused = trio.does(7, "failover", "payments", "--to", "a1", "--yes");
            assertThat(refused.err()).contains("d1 is on timeline 2").contains("1 commit of its own would be lost");
            Ended started = trio.estate.run("failover", "payments", "--to", "a1", "--yes", "--accept-data-loss");
            assertThat(started.err()).contains("Unfence a1 and start it as primary");
            assertThat(trio.primary()).isEqualTo("a1");
            Ended rejoined = trio.estate.run("rejoin", "payments/servers/d1", "--yes", "--accept-data-loss");
            assertThat(rejoined.exit()).as(rejoined.toString()).isIn(0, 5);
            trio.applied();
            assertThat(trio.ask("a1", "SELECT count(*) FROM kept")).containsExactly("2");
        }
    }
}
