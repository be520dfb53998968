package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Capability;
import dev.holdfast.cli.RealEstate.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The operator's state folder on a full disk, before a change of roles and in the middle of one. */
@Tag("real")
class RealFullDiskTest {

    private static final int PAGE = 4096;

    @Test
    @Timeout(300)
    void a_full_disk_refuses_a_change_of_roles_before_it_begins_and_does_not_stop_one_that_has_begun()
            throws Exception {
        Capability.SYS_ADMIN.assumed();
        try (RealTrio trio = new RealTrio(RealTrio.TOPOLOGY)) {
            trio.applied();
            Ended full = trio.estate.onFullDisk(0, "switchover", "payments", "--yes");
            assertThat(full.exit()).as(full.toString()).isEqualTo(4);
            assertThat(full.out())
                    .contains(
                            "No space left on device", "Nothing was changed.", "HINT: free space on that disk (df -h ")
                    .doesNotContain("internal error", "\tat ");
            assertThat(trio.primary()).isEqualTo("a1");

            Ended plan = trio.estate.run("plan", "--out", "/dev/full");
            assertThat(plan.exit()).as(plan.toString()).isEqualTo(1);
            assertThat(plan.err()).contains("/dev/full: this file cannot be written: No space left on device");

            trio.does(0, "switchover", "payments", "--yes");
            assertThat(trio.primary()).isEqualTo("b1");
            trio.settled();
            // back to a1, on a disk that is full soon after the first change
            Ended middle = trio.estate.onFullDisk(freeSpace(trio), "switchover", "payments", "--yes");
            assertThat(middle.exit()).as(middle.toString()).isEqualTo(5);
            assertThat(middle.out())
                    .contains("the ledger is incomplete from here, the run continues: No space left on device")
                    .contains("the record is incomplete: entries are missing in ")
                    .doesNotContain("internal error", "\tat ");
            assertThat(trio.primary()).isEqualTo("a1");
            assertThat(Path.of("/proc/self/mounts"))
                    .content()
                    .doesNotContain(trio.estate.folder().toString());
            assertThat(Files.exists(trio.estate.folder().resolve("home.copy"))).isFalse();
            trio.settled();
        }
    }

    /** Enough for the folder of the run and its ledger until the first change is on disk. */
    private static int freeSpace(RealTrio trio) throws Exception {
        int bytes = trio.estate.bytesBeforeChanges();
        return (bytes / PAGE + 2) * PAGE;
    }
}
