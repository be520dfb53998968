package dev.holdfast.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.execution.Script;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.world.FakeWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A fake host with lamps: {@code on.sh} switches the named lamp on, {@code off.sh} is its revert. */
@Tag("unit")
class RunbookRunnerTest {

    private static final Host HOST = new Host("a1", "127.0.0.1", "z", "r", new HostAccess.Local(), "/x");
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Set<String> lit = new TreeSet<>();
    private final Set<String> stuck = new TreeSet<>();
    private final List<Ledger.Kind> kinds = new ArrayList<>();
    private final FakeWorld world = new FakeWorld().with((action, now) -> {
        String light = (String) action.script().values().get("light");
        if (action.script().file().equals("off.sh")) {
            lit.remove(light);
            return ActionResult.ok("");
        }
        if (light.startsWith("secret")) {
            return ActionResult.refused(
                    ActionResult.NO_SECRET, "secret db/keyfile: there is no such secret on this machine");
        }
        if (light.startsWith("refuses")) {
            if (light.endsWith("partly")) {
                lit.add(light);
                return ActionResult.refused("16755", "no current");
            }
            return ActionResult.refused("7", "no current");
        }
        if (!stuck.contains(light)) {
            lit.add(light);
        }
        return ActionResult.ok("");
    });
    private RunbookRunner runner =
            new RunbookRunner(world, (kind, facts) -> kinds.add(kind), Instant.parse("2026-01-01T00:10:00Z"));

    private record Lights(Instant at, Set<String> on) implements ClusterState {
        @Override
        public List<NodeStatus> nodes() {
            return List.of();
        }

        @Override
        public List<HealthProblem> findings() {
            return List.of();
        }
    }

    private static Action script(String file, String light) {
        return new Action.RunScript(HOST, Script.of(file).with("light", light), Action.Access.CHANGE, LIMIT);
    }

    private Step light(String lane, String light) {
        return Step.on(lane, "light " + light)
                .because(light + " is dark")
                .type(script("on.sh", light))
                .revert(script("off.sh", light))
                .until(
                        new Condition(
                                light + " is lit",
                                w -> lit.contains(light) ? Condition.holds("lit") : Condition.notYet("dark")),
                        LIMIT);
    }

    private Stage<Lights> stage(String name, String lane, String... desired) {
        return new Stage<>(
                name,
                state -> Plan.of(List.of(desired).stream()
                        .filter(l -> !state.on().contains(l))
                        .map(l -> light(lane, l))
                        .toList()));
    }

    private RunbookOutcome run(Stage<Lights> first, Stage<Lights> second) {
        return runner.run(List.of(runbook(List.of(first, second)))).get(0);
    }

    private RunbookOutcome run(Stage<Lights> only) {
        return runner.run(List.of(runbook(List.of(only)))).get(0);
    }

    private Runbook<Lights> runbook(List<Stage<Lights>> stages) {
        return new Runbook<>("home", "lights", w -> new Lights(w.now(), new TreeSet<>(lit)), stages);
    }

    /** Of two steps the second was planned from a look that tells the same: it is typed without a look of its own. */
    @Test
    void types_at_once_what_was_just_looked_for_and_takes_a_refusal_for_done_when_it_is_there_after_all() {
        List<String> looks = new ArrayList<>();
        Function<String, Condition> lit = light -> new Condition(light + " is lit", w -> {
            looks.add(light);
            return this.lit.contains(light) ? Condition.holds("lit") : Condition.notYet("dark");
        });
        Stage<Lights> both = new Stage<>(
                "hall",
                state -> state.on().contains("lamp") && state.on().contains("refuses twice")
                        ? Plan.NOTHING
                        : Plan.of(List.of(
                                Step.on("a", "light the lamp")
                                        .type(script("on.sh", "lamp"))
                                        .until(lit.apply("lamp"), LIMIT),
                                Step.on("b", "light what refuses twice")
                                        .looked()
                                        .type(script("on.sh", "refuses twice"))
                                        .until(lit.apply("refuses twice"), LIMIT))));
        Stage<Lights> other = new Stage<>("a neighbour", state -> {
            this.lit.add("refuses twice");
            return Plan.NOTHING;
        });
        RunbookOutcome outcome =
                runner.run(List.of(runbook(List.of(both, other)))).get(0);
        assertThat(outcome.exit()).isEqualTo(ExitCode.DONE);
        assertThat(looks).containsExactlyInAnyOrder("lamp", "lamp", "refuses twice");
    }

    private static Action command(String light) {
        Node node = new Node("home", "set", "a1", Node.Kind.MONGOD, HOST, 1, "/x/a1");
        return new Action.RunDocumentCommand(
                node,
                Credentials.ANONYMOUS,
                "admin",
                Script.of("on.sh").with("light", light),
                Action.Access.CHANGE,
                LIMIT);
    }

    /** One shard refuses a build, another one has done it: the look that asks only the other one agrees. */
    @Test
    void a_change_that_a_server_refused_is_not_done_though_a_later_look_agrees() {
        Stage<Lights> build = new Stage<>(
                "hall",
                state -> state.on().contains("refuses partly")
                        ? Plan.NOTHING
                        : Plan.of(List.of(Step.on("a", "light what refuses partly")
                                .type(command("refuses partly"))
                                .until(
                                        new Condition(
                                                "it is lit",
                                                w -> lit.contains("refuses partly")
                                                        ? Condition.holds("lit")
                                                        : Condition.notYet("dark")),
                                        LIMIT))));
        RunbookOutcome outcome = run(build);
        assertThat(lit).contains("refuses partly");
        assertThat(outcome.exit()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(outcome.failures())
                .containsExactly("a: light what refuses partly: on.sh refused (16755): no current");
    }

    @Test
    void only_a_refusal_that_leaves_the_outcome_open_is_followed_by_a_look() {
        Action build = command("x");
        assertThat(FailedAction.isFinal(build, ActionResult.refused("16755", "Can't extract geo keys")))
                .isTrue();
        assertThat(FailedAction.isFinal(build, ActionResult.refused("48", "exists")))
                .isFalse();
        assertThat(FailedAction.isFinal(build, ActionResult.refused("11602", "stepped down")))
                .isFalse();
        assertThat(FailedAction.isFinal(build, ActionResult.silent("timed out")))
                .isFalse();
        assertThat(FailedAction.isFinal(script("on.sh", "x"), ActionResult.refused("1", "")))
                .isFalse();
    }

    @Test
    void goes_round_again_when_a_wait_was_in_vain_because_an_earlier_act_had_not_observed_what_it_observes_now() {
        int[] looks = {0};
        Stage<Lights> blinking = new Stage<>(
                "hall",
                state -> looks[0]++ < 2 || lit.contains("lamp") ? Plan.NOTHING : Plan.of(List.of(light("a", "lamp"))));
        Stage<Lights> waiting = new Stage<>(
                "yard",
                state -> lit.contains("lamp")
                        ? Plan.NOTHING
                        : Plan.of(List.of(Step.on("b", "wait for the lamp")
                                .until(
                                        new Condition(
                                                "the lamp is lit",
                                                w -> lit.contains("lamp")
                                                        ? Condition.holds("lit")
                                                        : Condition.notYet("dark")),
                                        LIMIT))));
        RunbookOutcome outcome = run(blinking, waiting);
        assertThat(outcome.exit()).isEqualTo(ExitCode.DONE);
        assertThat(lit).containsExactly("lamp");
    }

    @Test
    void does_the_acts_in_order_until_planning_again_gives_nothing() {
        RunbookOutcome outcome = run(stage("hall", "a", "lamp", "lantern"), stage("yard", "b", "torch"));
        assertThat(outcome.exit()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.steps()).isEqualTo(3);
        assertThat(lit).containsExactly("lamp", "lantern", "torch");
        assertThat(kinds).containsSubsequence(Ledger.Kind.ACT_STARTED, Ledger.Kind.STEP_DONE, Ledger.Kind.ACT_ENDED);
    }

    @Test
    void an_act_that_reports_what_it_changes_is_followed_by_a_glance_and_the_round_by_a_look_at_everything() {
        List<String> looks = new ArrayList<>();
        Stage<Lights> wide = stage("hall", "a", "lamp");
        Stage<Lights> narrow = new Stage<>("yard", stage("yard", "b", "lantern").planner(), Optional.of((state, w) -> {
            looks.add("glance");
            return new Lights(state.at(), new TreeSet<>(lit));
        }));
        Stage<Lights> last = stage("gate", "c", "torch");
        Runbook<Lights> runbook = new Runbook<>(
                "home",
                "lights",
                w -> {
                    looks.add("look");
                    return new Lights(w.now(), new TreeSet<>(lit));
                },
                List.of(wide, narrow, last));
        assertThat(runner.run(List.of(runbook)).get(0).isDone()).isTrue();
        assertThat(lit).containsExactly("lamp", "lantern", "torch");
        assertThat(looks)
                .as("first, after the hall, after the yard, when all is done")
                .containsExactly("look", "look", "glance", "look");
    }

    @Test
    void a_partly_refreshed_state_is_observed_completely_before_the_run_is_done() {
        List<String> looks = new ArrayList<>();
        Stage<Lights> only = new Stage<>("yard", stage("yard", "b", "lantern").planner(), Optional.of((state, w) -> {
            looks.add("glance");
            return new Lights(state.at(), Set.of("lantern", "lamp"));
        }));
        Stage<Lights> following = stage("hall", "a", "lamp");
        Runbook<Lights> runbook = new Runbook<>(
                "home",
                "lights",
                w -> {
                    looks.add("look");
                    return new Lights(w.now(), new TreeSet<>(lit));
                },
                List.of(only, following));
        assertThat(runner.run(List.of(runbook)).get(0).isDone()).isTrue();
        assertThat(lit).as("the glance was wrong about the lamp").contains("lamp");
        assertThat(looks).containsExactly("look", "glance", "look", "look");
    }

    @Test
    void a_first_round_is_typed_whole_though_one_of_it_is_refused_and_what_comes_after_it_is_not() {
        Step step = Step.on("a", "light the hall")
                .typeAtOnce(
                        List.of(script("on.sh", "refuses"), script("on.sh", "lamp"), script("on.sh", "lantern")),
                        script("on.sh", "torch"),
                        script("on.sh", "candle"))
                .until(new Condition("it is light", w -> Condition.notYet("dark")), LIMIT);
        assertThat(step.rounds().stream().map(List::size)).containsExactly(3, 1, 1);
        RunbookOutcome outcome =
                run(new Stage<>("hall", state -> state.on().isEmpty() ? Plan.of(List.of(step)) : Plan.NOTHING));
        assertThat(outcome.failures()).isEmpty();
        assertThat(lit).containsExactly("lamp", "lantern");
        assertThat(kinds).contains(Ledger.Kind.STEP_FAILED);
    }

    @Test
    void looks_once_and_types_nothing_when_all_is_as_desired() {
        lit.add("lamp");
        assertThat(run(stage("hall", "a", "lamp")).steps()).isZero();
        assertThat(world.changes()).isEmpty();
        assertThat(kinds).containsExactly(Ledger.Kind.SEEN);
    }

    @Test
    void a_first_plan_that_is_not_the_expected_one_changes_nothing_in_any_cluster() {
        Runbook<Lights> moved = runbook(List.of(stage("hall", "a", "lamp"))).checkedBy(plans -> {
            throw new IllegalArgumentException(
                    plans.get(0).plan().steps().get(0).title());
        });
        Runbook<Lights> other = runbook(List.of(stage("yard", "b", "torch")));
        assertThatThrownBy(() -> runner.run(List.of(other, moved))).hasMessage("light lamp");
        assertThat(world.changes()).isEmpty();
    }

    @Test
    void only_the_first_plan_is_compared_with_the_expected_one() {
        List<Integer> steps = new ArrayList<>();
        Runbook<Lights> checked = runbook(List.of(stage("hall", "a", "lamp")))
                .checkedBy(plans -> steps.add(plans.get(0).plan().steps().size()));
        assertThat(runner.run(List.of(checked)).get(0).exit()).isEqualTo(ExitCode.DONE);
        assertThat(steps).containsExactly(1);
    }

    @Test
    void skips_a_step_that_is_already_true() {
        Stage<Lights> blind = new Stage<>(
                "hall",
                state ->
                        kinds.contains(Ledger.Kind.STEP_SKIPPED) ? Plan.NOTHING : Plan.of(List.of(light("a", "lamp"))));
        lit.add("lamp");
        RunbookOutcome outcome = run(blind);
        assertThat(outcome.exit()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.steps()).isZero();
        assertThat(outcome.skipped()).isEqualTo(1);
        assertThat(world.changes()).isEmpty();
        assertThat(kinds).contains(Ledger.Kind.STEP_SKIPPED);
    }

    @Test
    void a_run_that_sent_nothing_for_lack_of_a_secret_is_refused() {
        RunbookOutcome outcome = run(stage("hall", "a", "secret lamp"));
        assertThat(outcome.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(outcome.steps()).isZero();
        assertThat(outcome.refusals().get(0).what())
                .contains("secret db/keyfile")
                .contains("Nothing was changed");
        assertThat(run(stage("hall", "a", "lantern"), stage("yard", "b", "secret torch"))
                        .exit())
                .as("the lantern was lit before")
                .isEqualTo(ExitCode.INCOMPLETE);
    }

    @Test
    void an_independent_act_goes_on_apart_from_what_failed() {
        Stage<Lights> first = stage("first", "home/a", "refuses a");
        Stage<Lights> dependent = stage("dependent", "home/b", "b");
        Stage<Lights> sameLane = stage("same lane", "home/a", "a").independent();
        Stage<Lights> sameGroup = stage("same group", "home", "all").independent();
        Stage<Lights> other = stage("other", "home/c", "c").independent();
        RunbookOutcome outcome = runner.run(List.of(runbook(List.of(first, dependent, sameLane, sameGroup, other))))
                .get(0);
        assertThat(outcome.exit()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(outcome.failures()).hasSize(1).allMatch(f -> f.contains("light refuses a"));
        assertThat(lit).containsExactly("c");
    }

    @Test
    void an_independent_act_leaves_what_clients_notice_until_nothing_fails() {
        Stage<Lights> pause = new Stage<Lights>(
                        "pause",
                        state -> state.on().contains("p")
                                ? Plan.NOTHING
                                : Plan.of(List.of(Step.on("home/p", "light p")
                                        .risk(Step.Risk.PAUSE)
                                        .type(script("on.sh", "p"))
                                        .until(
                                                new Condition(
                                                        "p is lit",
                                                        w -> lit.contains("p")
                                                                ? Condition.holds("lit")
                                                                : Condition.notYet("dark")),
                                                LIMIT))))
                .independent();
        assertThat(run(stage("first", "home/a", "refuses a"), pause).exit()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(lit).isEmpty();
    }

    @Test
    void steps_of_one_lane_about_other_things_are_done_when_one_is_refused() {
        Stage<Lights> tables = new Stage<>(
                "tables",
                state -> Plan.of(List.of("refuses x", "x", "y").stream()
                        .filter(l -> !state.on().contains(l))
                        .map(l -> Step.on("home/a", "light " + l)
                                .about(l.endsWith("x") ? "x" : "y")
                                .type(script("on.sh", l))
                                .until(
                                        new Condition(
                                                l + " is lit",
                                                w -> lit.contains(l)
                                                        ? Condition.holds("lit")
                                                        : Condition.notYet("dark")),
                                        LIMIT))
                        .toList()));
        assertThat(run(tables).exit()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(lit).containsExactly("y");
    }

    @Test
    void touches_nothing_anywhere_when_one_cluster_refuses() {
        Stage<Lights> refusing = new Stage<>(
                "yard", state -> Plan.refused(List.of(new Refusal("a1", "the port 27017 is taken", "free it"))));
        List<RunbookOutcome> outcomes =
                runner.run(List.of(runbook(List.of(stage("hall", "a", "lamp"))), runbook(List.of(refusing))));
        assertThat(outcomes).extracting(RunbookOutcome::exit).containsOnly(ExitCode.REFUSED);
        assertThat(outcomes.get(1).refusals()).extracting(Refusal::what).containsExactly("the port 27017 is taken");
        assertThat(world.changes()).isEmpty();
    }

    @Test
    void a_step_that_never_comes_true_is_late_and_reverted_and_states_what_was_last_observed() {
        stuck.add("lamp");
        RunbookOutcome outcome = run(stage("hall", "a", "lamp"), stage("yard", "b", "torch"));
        assertThat(outcome.exit()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(outcome.failures())
                .containsExactly("a: light lamp: not within 5 s that lamp is lit; last observed: dark");
        assertThat(world.changes()).extracting(a -> a.script().file()).containsExactly("on.sh", "off.sh");
        assertThat(kinds).contains(Ledger.Kind.MENDED).doesNotContain(Ledger.Kind.RUN_ENDED);
    }

    @Test
    void a_run_that_ends_by_its_own_limit_names_that_limit_and_how_long_the_step_waited() {
        stuck.add("lamp");
        runner = new RunbookRunner(
                world, (kind, facts) -> kinds.add(kind), world.now().plusSeconds(3), Duration.ofSeconds(3), false);
        RunbookOutcome outcome = run(stage("hall", "a", "lamp"));
        assertThat(outcome.exit()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(outcome.failures())
                .containsExactly("a: light lamp: not within the 3 s of --timeout that lamp is lit; last observed: dark"
                        + " (waited 3 s)");
    }

    @Test
    void an_action_is_given_what_is_left_of_the_run_and_a_copy_its_own_time_unless_the_limit_is_strict() {
        Step step = Step.on("a", "copy")
                .because("none")
                .type(script("on.sh", "lamp").within(Duration.ofSeconds(20)), longer("on.sh", "torch"))
                .until(new Condition("never", w -> Condition.notYet("dark")), LIMIT);
        for (boolean isStrict : new boolean[] {false, true}) {
            int before = world.changes().size();
            runner = new RunbookRunner(
                    world, (kind, facts) -> {}, world.now().plusSeconds(9), Duration.ofSeconds(9), isStrict);
            run(new Stage<>("hall", state -> Plan.of(List.of(step))));
            assertThat(world.changes().get(before).deadline()).isLessThanOrEqualTo(Duration.ofSeconds(9));
            assertThat(world.changes().get(before + 1).deadline().toSeconds()).isEqualTo(isStrict ? 9 : 86_400);
        }
    }

    private static Action longer(String script, String lamp) {
        Action.RunScript exec = (Action.RunScript) script(script, lamp);
        return new Action.RunScript(exec.host(), exec.script(), exec.intent(), Duration.ofHours(24));
    }

    @Test
    void a_step_that_is_refused_twice_in_the_same_words_is_given_up_with_those_words() {
        RunbookOutcome outcome = run(stage("hall", "a", "refuses"), stage("yard", "b", "torch"));
        assertThat(outcome.exit()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(outcome.failures()).containsExactly("a: light refuses: on.sh refused (7): no current");
        assertThat(lit).isEmpty();
    }

    @Test
    void a_refused_action_whose_effect_is_observed_all_the_same_is_done() {
        Function<Lights, Plan> planner = state -> state.on().contains("refuses-but-lit")
                ? Plan.NOTHING
                : Plan.of(List.of(Step.on("a", "light")
                        .because("dark")
                        .type(script("on.sh", "refuses-but-lit"))
                        .until(
                                new Condition("lit", w -> {
                                    boolean typed = !world.changes().isEmpty();
                                    if (typed) {
                                        lit.add("refuses-but-lit");
                                    }
                                    return typed ? Condition.holds("lit") : Condition.notYet("dark");
                                }),
                                LIMIT)));
        assertThat(run(new Stage<>("hall", planner)).exit()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void an_interrupted_run_reverts_and_stops() {
        stuck.add("lamp");
        Stage<Lights> interrupting = new Stage<>("hall", state -> {
            runner.interrupt();
            return Plan.of(List.of(light("a", "lamp")));
        });
        assertThat(run(interrupting).exit()).isEqualTo(ExitCode.INTERRUPTED);
    }

    @Test
    void acts_that_undo_each_other_are_reported_as_still_to_do() {
        Stage<Lights> off = new Stage<>(
                "dark",
                state -> state.on().contains("lamp")
                        ? Plan.of(List.of(Step.on("b", "darken lamp")
                                .because("it is lit")
                                .type(script("off.sh", "lamp"))
                                .until(
                                        new Condition(
                                                "dark",
                                                w -> lit.contains("lamp")
                                                        ? Condition.notYet("lit")
                                                        : Condition.holds("dark")),
                                        LIMIT)))
                        : Plan.NOTHING);
        RunbookOutcome outcome = run(stage("hall", "a", "lamp"), off);
        assertThat(outcome.exit()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(outcome.failures().get(0)).contains("still to do after 6 rounds: light lamp (lamp is dark)");
    }

    @Test
    void the_ledger_names_cluster_act_lane_and_because_of_every_step() {
        List<Map<String, Object>> facts = new ArrayList<>();
        new RunbookRunner(
                        world,
                        (kind, f) -> {
                            if (kind == Ledger.Kind.STEP_DONE) {
                                facts.add(f);
                            }
                        },
                        Instant.parse("2026-01-01T00:10:00Z"))
                .run(List.of(runbook(List.of(stage("hall", "a", "lamp")))));
        assertThat(facts).hasSize(1);
        assertThat(facts.get(0))
                .containsEntry("cluster", "home")
                .containsEntry("act", "hall")
                .containsEntry("lane", "a")
                .containsEntry("because", "lamp is dark")
                .containsKey("took_ms");
    }
}
