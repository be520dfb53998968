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
}
