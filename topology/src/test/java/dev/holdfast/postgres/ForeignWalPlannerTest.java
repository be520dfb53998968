package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.archive.ForeignWalPlanner;
import dev.holdfast.postgres.rolechange.SwitchoverOperation;
import dev.holdfast.postgres.state.ArchivingState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.BackupRepository;
import dev.holdfast.world.FakeOutput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** WAL of another server is moved out of the archive only with proof, and only for a primary whose role is on record. */
@Tag("unit")
class ForeignWalPlannerTest {

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

    private void declareBackups() {
        trio.repository = Optional.of(new BackupRepository(
                "/backup",
                Optional.of(Duration.ofDays(7)),
                Optional.empty(),
                Optional.empty(),
                Duration.ofMinutes(1),
                Optional.empty(),
                Optional.empty()));
    }

    private Plan plan(String primary, FakeOutput look) {
        PostgresState state = state(primary, look);
        return new ForeignWalPlanner(trio.estate(), trio.cluster(), new MemberActions(trio.estate(), trio.cluster()))
                .setAside(state);
    }

    private PostgresState state(String primary, FakeOutput look) {
        PostgresState seen = bank.look();
        declareBackups();
        ArchivingState archive = ArchivingState.of(ArchivingState.LOOK.read(look.answer()), ArchivingState.OWN);
        return new PostgresState(
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
                seen.branches(),
                Map.of());
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

    @Test
    void with_patroni_nothing_is_moved_and_the_operator_reads_which_files_to_move() {
        PostgresState state = state("a1", conflict().record("foreign", "name", FILE));
        trio.automatic();
        ForeignWalPlanner planner =
                new ForeignWalPlanner(trio.estate(), trio.cluster(), new MemberActions(trio.estate(), trio.cluster()));
        assertThat(planner.setAside(state).isEmpty()).isTrue();
        assertThat(planner.byHand(state, state.member(Trio.server("a1"))).orElseThrow())
                .isEqualTo(
                        "move the archived files of the other server, from " + SEGMENT
                                + " on, out of /backup/bank/payments/7/archive/payments; with failover: automatic, Holdfast does not move them");
    }

    /** After it, no primary would archive its own WAL on the present timeline. */
    @Test
    void a_switchover_sets_that_wal_aside_before_it_stops_the_primary() {
        AtomicBoolean isFailing = new AtomicBoolean();
        Bank watched = new Bank(trio, fake -> (action, now) -> {
            if (action.script().file().equals("postgres/archive-look.sh")) {
                return conflict().record("foreign", "name", FILE).answer();
            }
            ActionResult answer = fake.answer(action, now);
            if (!isFailing.get() || !action.script().file().equals("postgres/rolechange-look.sql")) {
                return answer;
            }
            List<Map<String, Object>> rows = new ArrayList<>(answer.rows());
            rows.add(Map.of("kind", "archiver", "name", "", "key", "failing", "value", "true"));
            return ActionResult.ok(rows);
        });
        assertThat(watched.apply().isDone()).isTrue();
        declareBackups();
        assertThat(titles(watched)).doesNotContain("Set aside WAL of another server in the archive");
        isFailing.set(true);
        assertThat(titles(watched)).startsWith("Set aside WAL of another server in the archive");
    }

    private List<String> titles(Bank watched) {
        return SwitchoverOperation.operation(
                        trio.estate(), trio.cluster(), new RoleChangeRequest("", Optional.of("b1"), false, Set.of()))
                .runbook()
                .plan(watched.world)
                .stream()
                .flatMap(p -> p.plan().steps().stream())
                .map(Step::title)
                .toList();
    }
}
