package dev.holdfast.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.backup.BackupInventory.Backup;
import dev.holdfast.backup.BackupInventory.Finding;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The sentence about what can be restored, where no recovery window exists. */
@Tag("unit")
class BackupInventoryTest {

    private static final Backup BASE = new Backup("F1", "full", Instant.EPOCH, Instant.EPOCH, 1, Map.of());

    private static String sentence(List<Backup> backups, List<Finding> findings) {
        return new BackupInventory(
                        "payments",
                        "/b",
                        backups,
                        List.of(),
                        Optional.empty(),
                        1,
                        Optional.empty(),
                        findings,
                        List.of())
                .sentence();
    }

    @Test
    void right_after_a_base_backup_its_state_can_be_restored() {
        assertThat(sentence(List.of(BASE), List.of()))
                .isEqualTo("only the latest state can be restored (--to latest): no commit since the base backup is"
                        + " archived");
        assertThat(sentence(List.of(), List.of())).isEqualTo("nothing can be restored yet");
        assertThat(sentence(List.of(BASE), List.of(new Finding("rs", "the oplog has never been archived", ""))))
                .isEqualTo("nothing can be restored: the oplog has never been archived");
    }
}
