package dev.holdfast.mongodb.rolechange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.model.SecretRef;
import dev.holdfast.mongodb.Stand;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Step;
import dev.holdfast.world.FakeWorld;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SwitchoverStepsTest {

    private static final Credentials LOGIN = new Credentials("admin", new SecretRef("social/admin"), "admin");
    private static final long TERM = 4;

    /** What each member answers, by its name and the script. */
    private final Map<String, Map<String, Object>> answers = new HashMap<>();

    private final FakeWorld world = new FakeWorld()
            .with((action, now) -> ActionResult.ok(List.of(answers.getOrDefault(
                    action.host().name() + " " + action.script().file(), Map.of()))));

    private static SwitchoverSteps steps(String to, Stand... members) {
        List<MemberStanding> all = Arrays.stream(members).map(Stand::standing).toList();
        return new SwitchoverSteps(new SwitchoverFacts("social/rs", all, Optional.of(to), Set.of(), TERM), LOGIN);
    }

    private static List<String> said(List<Action> actions) {
        return actions.stream()
                .map(a -> a.host().name() + " " + a.script().file().replace("mongodb/", "")
                        + (a.script().values().containsKey("seconds")
                                ? " " + a.script().values().get("seconds")
                                : ""))
                .toList();
    }

    private static Map<String, Object> optime(long term, long seconds) {
        return Map.of("t", term, "ts", Map.of("$timestamp", Map.of("t", seconds, "i", 1)));
    }

    private void hello(String member, boolean primary) {
        answers.put(member + " mongodb/hello.json", Map.of("isWritablePrimary", primary));
    }

    private void status(String member, long term, Map<String, Object> applied, Map<String, Object> committed) {
        answers.put(
                member + " mongodb/status.json",
                Map.of("term", term, "optimes", Map.of("appliedOpTime", applied, "lastCommittedOpTime", committed)));
    }

    private ProbeResult look(Step step) {
        return step.until().look().at(world);
    }

    @Test
    void a_candidate_that_is_at_most_a_second_behind_is_not_waited_for() {
        assertThat(steps("b1", Stand.primary("a1"), Stand.secondary("b1").lag(1))
                        .catchUp()
                        .steps())
                .isEmpty();
    }

    @Test
    void a_candidate_that_is_further_behind_catches_up_before_anything_is_frozen() {
        Step wait = steps("b1", Stand.primary("a1"), Stand.secondary("b1").lag(2))
                .catchUp()
                .steps()
                .get(0);
        assertThat(wait.actions()).isEmpty();
        status("a1", TERM, optime(TERM, 100), optime(TERM, 100));
        status("b1", TERM, optime(TERM, 98), optime(TERM, 98));
        assertThat(look(wait)).isEqualTo(new ProbeResult(false, "2 s behind"));
        status("b1", TERM, optime(TERM, 99), optime(TERM, 99));
        assertThat(look(wait).holds()).isTrue();
        answers.remove("b1 mongodb/status.json");
        assertThat(look(wait).holds()).isFalse();
    }

    @Test
    void only_members_that_could_be_elected_instead_are_frozen_and_all_freezes_are_lifted_at_the_end() {
        List<Step> steps = steps(
                        "b1",
                        Stand.primary("a1"),
                        Stand.secondary("b1"),
                        Stand.secondary("c1"),
                        Stand.secondary("d1").with("priority", 0.0),
                        Stand.in("e1", "arbiter").with("arbiterOnly", true),
                        Stand.down("f1"))
                .switchOver()
                .steps();
        assertThat(steps).extracting(Step::lane).containsExactly("social/rs", "social/rs");
        assertThat(said(steps.get(0).actions()))
                .startsWith("b1 freeze.json 0")
                .contains("c1 freeze.json 20")
                .endsWith("a1 step-aside.json 20")
                .noneMatch(s -> s.startsWith("d1") || s.startsWith("e1") || s.startsWith("f1"));
        assertThat(said(steps.get(0).revert())).contains("c1 freeze.json 0", "a1 freeze.json 0");
        assertThat(said(steps.get(1).actions()))
                .startsWith("b1 step-up.json")
                .contains("a1 freeze.json 0", "c1 freeze.json 0");
        assertThat(said(steps.get(1).revert())).contains("c1 freeze.json 0", "a1 freeze.json 0");
        assertThat(steps).allMatch(s -> s.risk() == Step.Risk.PAUSE);
    }

    @Test
    void a_set_without_a_primary_elects_the_candidate_after_its_own_freeze_is_lifted() {
        List<Step> steps = steps("b1", Stand.secondary("a1"), Stand.secondary("b1"))
                .switchOver()
                .steps();
        assertThat(steps).hasSize(1);
        assertThat(said(steps.get(0).actions()))
                .startsWith("b1 freeze.json 0", "b1 step-up.json")
                .endsWith("a1 freeze.json 0");
    }

    @Test
    void the_primary_has_stepped_down_when_the_candidate_has_all_it_took() {
        Step down = steps("b1", Stand.primary("a1"), Stand.secondary("b1"))
                .switchOver()
                .steps()
                .get(0);
        status("a1", TERM, optime(TERM, 100), optime(TERM, 100));
        status("b1", TERM, optime(TERM, 100), optime(TERM, 100));
        hello("a1", true);
        assertThat(look(down)).isEqualTo(new ProbeResult(false, "a1 is primary"));
        hello("a1", false);
        assertThat(look(down).holds()).isTrue();
        status("b1", TERM, optime(TERM, 99), optime(TERM, 99));
        assertThat(look(down).holds()).isFalse();
        answers.remove("a1 mongodb/status.json");
        assertThat(look(down).holds())
                .as("what the old primary has is not known")
                .isFalse();
    }

    @Test
    void the_candidate_leads_in_a_later_term_when_a_majority_has_a_write_of_it() {
        Step elect = steps("b1", Stand.primary("a1"), Stand.secondary("b1"))
                .switchOver()
                .steps()
                .get(1);
        hello("b1", false);
        assertThat(look(elect).holds()).isFalse();
        hello("b1", true);
        status("b1", TERM, optime(TERM, 100), optime(TERM, 100));
        assertThat(look(elect).holds()).as("the term of the switchover itself").isFalse();
        status("b1", TERM + 1, optime(TERM + 1, 101), optime(TERM, 100));
        assertThat(look(elect).holds()).as("no majority has a write of it").isFalse();
        status("b1", TERM + 1, optime(TERM + 1, 101), optime(TERM + 1, 101));
        assertThat(look(elect).holds()).isTrue();
    }
}
