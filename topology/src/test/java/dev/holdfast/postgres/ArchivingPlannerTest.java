package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.execution.Action;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.archive.ArchivingPlanner;
import dev.holdfast.postgres.state.ArchivingState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.BackupRepository;
import dev.holdfast.world.FakeOutput;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** WAL of another server is moved out of the archive only with proof, and only for a primary whose role is on record. */
@Tag("unit")
class ArchivingPlannerTest {

    private static final String SEGMENT = "000000010000000000000004";
    private static final String FILE = SEGMENT + "-cbfc83c24e29f0beac1d44c7e4a41919e7fd4306.lz4";

    private final Trio trio = new Trio();
    private final Bank bank = Bank.applied(trio);

    private static FakeOutput conflict() {
        return new FakeOutput("postgres/archive-look.sh")
                .record("system", "id", "7")
                .record("stanza")
                .record("arrived")
                .record("failed", "message", "ERROR: [045]: WAL file exists")
                .record("waiting", "segment", SEGMENT, "other", "yes");
    }

    private Plan plan(String primary, FakeOutput look) {
        trio.repository = Optional.of(new BackupRepository(
                "/backup",
                Optional.of(Duration.ofDays(7)),
                Optional.empty(),
                Optional.empty(),
                Duration.ofMinutes(1),
                Optional.empty(),
                Optional.empty()));
        PostgresState seen = bank.look();
        ArchivingState archive = ArchivingState.of(ArchivingState.LOOK.read(look.answer()), ArchivingState.OWN);
        PostgresState state = new PostgresState(
                seen.at(),
                seen.cluster(),
                seen.members(),
                seen.proxies(),
                seen.again(),
                seen.credentials(),
                seen.outdated(),
                Map.of(Trio.server(primary), archive),
                seen.lookups(),
                seen.repository(),
                seen.branches());
        return new ArchivingPlanner(trio.estate(), trio.cluster(), new MemberActions(trio.estate(), trio.cluster()))
                .setAside(state);
    }

    @Test
    void proven_wal_of_another_server_is_moved_by_its_exact_name() {
        Plan plan = plan("a1", conflict().record("foreign", "name", FILE));
        assertThat(plan.steps()).hasSize(1);
        Step step = plan.steps().get(0);
        assertThat(step.title()).isEqualTo("Set aside WAL of another server in the archive");
        assertThat(step.because())
                .isEqualTo("a1 cannot archive " + SEGMENT + ": the repository has WAL of another server under this name"
                        + " (ERROR: [045]: WAL file exists)");
        assertThat(step.actions())
                .extracting(a -> a.script().file())
                .containsExactly(
                        "postgres/repository-set-aside.sh",
                        "postgres/archive-history.sh",
                        "postgres/switch-segment.sql");
        Action moved = step.actions().get(0);
        assertThat(moved.script().values().get("names")).hasToString(FILE);
    }

    @Test
    void a_conflict_without_proof_moves_nothing() {
        assertThat(plan("a1", conflict()).isEmpty()).isTrue();
    }

    @Test
    void nothing_is_moved_for_a_primary_that_no_role_change_promoted() {
        bank.promoted("d1");
        bank.at("a1").up = false;
        assertThat(plan("d1", conflict().record("foreign", "name", FILE)).isEmpty())
                .isTrue();
    }

    @Test
    void nothing_is_moved_while_two_members_are_primary() {
        bank.promoted("d1");
        assertThat(plan("a1", conflict().record("foreign", "name", FILE)).isEmpty())
                .isTrue();
    }
}
