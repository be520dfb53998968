package dev.holdfast.postgres.automatic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.Trio;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The pause of Patroni that a maintenance begins and ends. */
@Tag("unit")
class AutomaticPauseTest {

    private final AutomaticScene scene = new AutomaticScene(Trio::new);

    private Plan plan(boolean isDesired) {
        return new AutomaticPause(scene.trio.estate(), scene.trio.cluster(), isDesired).plan(scene.state());
    }

    private static List<String> titles(Plan plan) {
        return plan.steps().stream().map(Step::title).toList();
    }

    @Test
    void patroni_is_paused_once_and_its_pause_ends_once() {
        assertThat(titles(plan(true))).containsExactly("Pause Patroni of payments");
        assertThat(titles(plan(false))).isEmpty();
        scene.paused = true;
        assertThat(titles(plan(true))).isEmpty();
        assertThat(titles(plan(false))).containsExactly("End the pause of Patroni of payments");
    }

    @Test
    void nothing_is_changed_without_etcd_or_without_an_answer_of_patroni() {
        scene.lonely.addAll(List.of("a1", "b1"));
        assertThat(plan(true).refusals()).singleElement().satisfies(r -> {
            assertThat(r.what()).isEqualTo("etcd has no majority, so Patroni cannot be paused. Nothing was changed");
            assertThat(r.exit()).isEqualTo(ExitCode.REFUSED);
        });
        scene.lonely.clear();
        scene.restFailure.addAll(List.of("a1", "b1", "d1"));
        assertThat(plan(false).refusals()).singleElement().satisfies(r -> {
            assertThat(r.what()).isEqualTo("no Patroni of payments answers. Nothing was changed");
            assertThat(r.exit()).isEqualTo(ExitCode.UNREACHABLE);
        });
    }

    @Test
    void a_pause_is_an_open_difference_of_apply_with_the_command_that_ends_it() {
        scene.paused = true;
        Plan plan = new AutomaticPreconditions(new AutomaticActions(scene.trio.estate(), scene.trio.cluster()))
                .plan(scene.state());
        assertThat(plan.open().stream()
                        .filter(o -> o.what().startsWith("Patroni is paused"))
                        .findFirst())
                .map(Plan.Refusal::hint)
                .isEqualTo(Optional.of("holdfast maintenance off payments ends the pause when the work is done"));
    }
}
