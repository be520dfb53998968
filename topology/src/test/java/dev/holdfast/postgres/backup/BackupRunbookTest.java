package dev.holdfast.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.Bank;
import dev.holdfast.postgres.Trio;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A base backup of a stray primary would stay in the repository and spoil later restores. */
@Tag("unit")
class BackupRunbookTest {

    @Test
    void no_base_backup_is_made_of_a_primary_that_no_role_change_promoted_while_the_recorded_one_is_unseen() {
        Bank bank = Bank.applied(new Trio());
        bank.promoted("d1");
        bank.fake.silentHosts.add("a1");
        BackupState state = new BackupState(
                bank.look(), WalArchiveTimelineTest.state("").repository(), Optional.empty(), ActionResult.ok(""));
        Refusal refusal =
                BackupRunbook.refusal(bank.trio.cluster(), "/backup", state).orElseThrow();
        assertThat(refusal.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(refusal.what())
                .startsWith("d1 is primary on timeline 2, and no role change of Holdfast promoted it");
        assertThat(refusal.hint()).startsWith("make the host of a1 answer");
    }
}
