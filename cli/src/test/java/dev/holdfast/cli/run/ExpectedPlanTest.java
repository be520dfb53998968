package dev.holdfast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.view.ResultData;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Environment;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What apply does when the plan that a person saved or confirmed is not the current plan any more. */
@Tag("unit")
class ExpectedPlanTest {

    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final Host HOST = new Host("a1", "127.0.0.1", "z", "r", new HostAccess.Local(), "/");

    @TempDir
    Path folder;

    private final List<Step> steps = new ArrayList<>(List.of(step("Restart a1", "100"), step("Verify a1", "0")));
    private final List<String> notes = new ArrayList<>();

    private record Seen(Instant at) implements ClusterState {
        @Override
        public List<NodeStatus> nodes() {
            return List.of();
        }

        @Override
        public List<HealthProblem> findings() {
            return List.of();
        }
    }

    private static Step step(String title, String value) {
        Script script = Script.of("on.sh").with("value", value);
        return Step.on("pay/a1", title)
                .because("a reason")
                .type(new Action.RunScript(HOST, script, Action.Access.CHANGE, LIMIT))
                .until(new Condition("done", context -> Condition.holds("")), LIMIT);
    }

    private final Runbook<Seen> runbook = new Runbook<>(
            "pay",
            "change pay",
            context -> new Seen(Instant.EPOCH),
            List.of(new Stage<>("servers", state -> new Plan(steps, List.of(), notes))));

    private static Topology estate(String name) {
        return new Topology(name, Environment.LAB, Map.of(), List.of(), Map.of(), Map.of());
    }

    private Path saved() throws IOException {
        Path file = folder.resolve("plan.json");
        return Files.writeString(
                file, ResultData.json(PlanFile.of(estate("e"), runbook.plan(new Seen(Instant.EPOCH)))));
    }

    private static void look(List<Runbook<?>> runbooks) {
        runbooks.forEach(r -> r.look().apply(null));
    }

    @Test
    void a_saved_plan_holds_while_only_notes_differ() throws IOException {
        Path file = saved();
        notes.add("a number that changes: 7");
        assertThatCode(() -> look(PlanFile.checked(file, estate("e"), List.of(runbook))))
                .doesNotThrowAnyException();
    }

    @Test
    void a_saved_plan_with_another_step_or_other_actions_is_refused_by_name() throws IOException {
        Path file = saved();
        steps.set(0, step("Restart a1", "200"));
        assertThatThrownBy(() -> look(PlanFile.checked(file, estate("e"), List.of(runbook))))
                .hasMessageContaining("other actions:     pay/a1  Restart a1")
                .hasMessageContaining("Nothing was changed");
        steps.set(0, step("Stop a1", "100"));
        assertThatThrownBy(() -> look(PlanFile.checked(file, estate("e"), List.of(runbook))))
                .hasMessageContaining("no longer planned: pay/a1  Restart a1")
                .hasMessageContaining("now planned:       pay/a1  Stop a1");
    }

    @Test
    void a_saved_plan_of_another_estate_is_refused() throws IOException {
        Path file = saved();
        assertThatThrownBy(() -> PlanFile.checked(file, estate("other"), List.of(runbook)))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.REFUSED))
                .hasMessageContaining("a plan of the estate e");
    }

    @Test
    void a_step_that_was_not_confirmed_is_refused_and_one_that_is_no_longer_necessary_is_not() {
        List<Runbook.Planned> shown = runbook.plan(new Seen(Instant.EPOCH));
        steps.remove(1);
        assertThatCode(() -> look(Confirmation.checked(List.of(runbook), shown)))
                .doesNotThrowAnyException();
        steps.add(step("Stop b1", "0"));
        assertThatThrownBy(() -> look(Confirmation.checked(List.of(runbook), shown)))
                .hasMessageContaining("now planned: pay/a1  Stop b1")
                .hasMessageContaining("Nothing was changed");
    }
}
