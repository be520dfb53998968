package dev.holdfast.postgres.rolechange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.Bank;
import dev.holdfast.postgres.Trio;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cluster of a1, b1, c1 and the disaster-recovery copy d1, of which b1 was made primary. */
@Tag("unit")
class PostPromotionStagesTest {

    private final Trio trio = new Trio().member("c1", MemberRole.SYNC);
    private final Bank bank = Bank.applied(trio);

    private PostPromotionStages stages(boolean startsStopped) {
        RoleChangeActions typing = new RoleChangeActions(trio.estate(), trio.cluster());
        RoleChangeConditions until =
                new RoleChangeConditions(new RoleChangeProbe(trio.estate(), trio.cluster()), typing);
        return new PostPromotionStages(trio.estate(), trio.cluster(), typing, until, startsStopped);
    }

    private RoleChangeState seen() {
        return new RoleChangeProbe(trio.estate(), trio.cluster()).look(bank.world);
    }

    private static MemberState member(RoleChangeState seen, String name) {
        return seen.now().members().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Plan plan(String stage, boolean startsStopped) {
        return stages(startsStopped).stages(s -> true).stream()
                .collect(Collectors.toMap(Stage::name, Stage::planner, (x, y) -> x))
                .get(stage)
                .apply(seen());
    }

    private static List<String> titles(List<Step> steps) {
        return steps.stream().map(Step::title).toList();
    }

    private static List<String> scripts(Step step) {
        return step.actions().stream().map(a -> a.script().file()).toList();
    }

    private void failover() {
        RoleChangeRequest toB1 = new RoleChangeRequest("", Optional.of("b1"), true, Set.of());
        RunbookOutcome outcome = bank.run(
                FailoverOperation.operation(trio.estate(), trio.cluster(), toB1).runbook());
        assertThat(outcome.exit()).as(outcome.toString()).isEqualTo(ExitCode.DONE);
    }

    private void failedOver() {
        bank.at("a1").up = false;
        bank.promoted("b1");
    }

    @Test
    void nothing_is_planned_before_the_change_is_done_or_while_there_is_no_primary() {
        failedOver();
        RoleChangeState after = seen();
        Function<Boolean, List<Plan>> plans = done -> stages(true).stages(s -> done).stream()
                .map(s -> s.planner().apply(after))
                .toList();
        assertThat(plans.apply(false)).allMatch(Plan.NOTHING::equals);
        assertThat(plans.apply(true)).anyMatch(p -> !p.steps().isEmpty());
        bank.at("b1").up = false;
        RoleChangeState without = seen();
        assertThat(stages(true).stages(s -> true)).allMatch(s -> s.planner().apply(without) == Plan.NOTHING);
    }

    @Test
    void writes_are_protected_and_reads_routed_only_after_the_standbys_follow() {
        assertThat(stages(true).stages(s -> true))
                .extracting(Stage::name)
                .containsExactly(
                        "record of the failover",
                        "slots",
                        "followers",
                        "stale slots",
                        "commits",
                        "reads",
                        "record",
                        "protection");
    }

    @Test
    void the_new_primary_gets_the_slots_that_it_lacks_and_the_configuration_of_a_primary() {
        failedOver();
        bank.at("b1").slots.clear();
        List<Step> steps = plan("slots", false).steps();
        assertThat(steps).allMatch(s -> s.lane().equals("payments/servers/b1"));
        assertThat(scripts(steps.get(0))).hasSize(3).containsOnly("postgres/create-slot.sql");
        assertThat(steps).hasSize(2);
        assertThat(scripts(steps.get(1))).contains("postgres/role.conf", "postgres/reload.sql");
    }

    @Test
    void standbys_follow_the_new_primary_by_a_reload_and_only_once() {
        failedOver();
        List<Step> follow = plan("followers", false).steps();
        assertThat(follow).extracting(Step::lane).contains("payments/servers/c1", "payments/servers/d1");
        Step c1 = follow.stream()
                .filter(s -> s.lane().endsWith("/c1"))
                .findFirst()
                .orElseThrow();
        assertThat(scripts(c1)).containsExactly("postgres/role.conf", "postgres/reload.sql");
    }

    @Test
    void a_standby_that_follows_already_is_not_touched() {
        RoleChangeState before = seen();
        assertThat(stages(false).repointed(member(before, "b1"), member(before, "c1")))
                .isPresent();
        assertThat(stages(false).repointed(member(before, "a1"), member(before, "c1")))
                .isEmpty();
        bank.at("a1").up = false;
        failover();
        RoleChangeState after = seen();
        assertThat(stages(false).repointed(member(after, "b1"), member(after, "c1")))
                .isEmpty();
    }

    @Test
    void a_primary_that_a_failover_has_fenced_stays_fenced_with_a_hint_to_rejoin_it() {
        bank.at("a1").up = false;
        failover();
        assertThat(bank.at("a1").marks).containsKey("fence");
        Plan plan = plan("followers", false);
        assertThat(plan.steps()).noneMatch(s -> s.lane().endsWith("/a1"));
        assertThat(plan.notes())
                .anyMatch(
                        n -> n.startsWith("a1 stays fenced by ") && n.endsWith("holdfast rejoin payments/servers/a1"));
    }

    @Test
    void a_standby_that_is_stopped_is_started_only_by_a_switchover() {
        failedOver();
        bank.at("c1").up = false;
        Plan failover = plan("followers", false);
        assertThat(failover.steps()).noneMatch(s -> s.lane().endsWith("/c1"));
        assertThat(failover.notes()).contains("c1 is stopped; holdfast apply starts it");
        Plan switchover = plan("followers", true);
        assertThat(switchover.steps()).anyMatch(s -> s.lane().endsWith("/c1"));
        assertThat(switchover.notes()).noneMatch(n -> n.startsWith("c1 "));
    }

    @Test
    void a_host_that_does_not_answer_is_left_alone() {
        failedOver();
        bank.fake.silentHosts.add("d1");
        Plan plan = plan("followers", false);
        assertThat(plan.steps()).noneMatch(s -> s.lane().endsWith("/d1"));
        assertThat(plan.notes()).noneMatch(n -> n.startsWith("d1 "));
    }

    @Test
    void a_standby_that_is_ahead_of_the_new_primary_is_rewound_and_does_not_just_follow() {
        failedOver();
        bank.at("c1").end = bank.at("b1").end + 0x10000;
        List<String> files = plan("followers", false).steps().stream()
                .filter(s -> s.lane().endsWith("/c1"))
                .flatMap(s -> scripts(s).stream())
                .toList();
        assertThat(files).contains("postgres/rewind.sh");
    }

    @Test
    void the_candidate_is_made_ready_before_its_promotion_only_where_something_differs() {
        RoleChangeState seen = seen();
        Node a1 = member(seen, "a1").node();
        MemberState b1 = member(seen, "b1");
        assertThat(stages(true).readied(b1, a1, b1.server().synchronousNames(), "lane"))
                .noneMatch(s -> scripts(s).contains("postgres/role.conf"));
        List<Step> ready = stages(true).readied(b1, a1, "FIRST 1 (\"c1\")", "lane");
        Step expecting = ready.get(ready.size() - 1);
        assertThat(scripts(expecting)).containsExactly("postgres/role.conf", "postgres/reload.sql");
        assertThat(expecting.actions().get(0).script().values().toString())
                .contains("synchronous_standby_names", "c1", "primary_conninfo");
        assertThat(ready).allMatch(s -> s.lane().equals("lane"));
    }

    @Test
    void before_a_promotion_only_synchronous_standbys_that_are_not_ahead_are_repointed() {
        RoleChangeState seen = seen();
        assertThat(titles(stages(true).repointed(seen, member(seen, "b1"))))
                .singleElement()
                .asString()
                .contains("c1")
                .contains("b1");
        bank.at("a1").up = false;
        bank.at("c1").end = bank.at("b1").end + 0x10000;
        RoleChangeState ahead = seen();
        assertThat(stages(true).repointed(ahead, member(ahead, "b1"))).isEmpty();
    }
}
