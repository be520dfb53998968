package dev.holdfast.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Host;
import dev.holdfast.model.Reach;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.world.Action;
import dev.holdfast.world.Answer;
import dev.holdfast.world.FakeWorld;
import dev.holdfast.world.Observation;
import dev.holdfast.world.Observed;
import dev.holdfast.world.Script;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A pretend host on which lights are switched on: {@code on.sh} lights what it names, {@code off.sh} is a mend. */
class RunnerTest {

    private static final Host HOST = new Host("a1", "127.0.0.1", "z", "r", new Reach.Local(), "/x");
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Set<String> lit = new TreeSet<>();
    private final Set<String> stuck = new TreeSet<>();
    private final List<Ledger.Kind> told = new ArrayList<>();
    private final FakeWorld world = new FakeWorld().with((action, now) -> {
        String light = (String) action.script().values().get("light");
        if (action.script().file().equals("off.sh")) {
            lit.remove(light);
            return Answer.ok("");
        }
        if (light.startsWith("refuses")) {
            return Answer.refused("7", "no current");
        }
        if (!stuck.contains(light)) {
            lit.add(light);
        }
        return Answer.ok("");
    });
    private final Runner runner =
            new Runner(world, (kind, facts) -> told.add(kind), Instant.parse("2026-01-01T00:10:00Z"));

    private record Lights(Instant at, Set<String> on) implements Observed {
        @Override
        public List<Observation> nodes() {
            return List.of();
        }

        @Override
        public List<String> complaints() {
            return List.of();
        }
    }

    private static Action say(String file, String light) {
        return new Action.Exec(HOST, Script.of(file).with("light", light), Action.Intent.CHANGE, LIMIT);
    }

    private Step light(String lane, String light) {
        return Step.on(lane, "light " + light)
                .because(light + " is dark")
                .type(say("on.sh", light))
                .mend(say("off.sh", light))
                .until(
                        new Condition(
                                light + " is lit",
                                w -> lit.contains(light) ? Condition.holds("lit") : Condition.notYet("dark")),
                        LIMIT);
    }

    private Act<Lights> act(String name, String lane, String... wanted) {
        return new Act<>(
                name,
                seen -> Plan.of(List.of(wanted).stream()
                        .filter(l -> !seen.on().contains(l))
                        .map(l -> light(lane, l))
                        .toList()));
    }

    private Runner.Outcome run(Act<Lights> first, Act<Lights> second) {
        return runner.run(List.of(book(List.of(first, second)))).get(0);
    }

    private Runner.Outcome run(Act<Lights> only) {
        return runner.run(List.of(book(List.of(only)))).get(0);
    }

    private Runbook<Lights> book(List<Act<Lights>> acts) {
        return new Runbook<>("home", "lights", w -> new Lights(w.now(), new TreeSet<>(lit)), acts);
    }

    /** Of two steps the second was planned from a look that tells the same: it is typed without a look of its own. */
    @Test
    void types_at_once_what_was_just_looked_for_and_takes_a_refusal_for_done_when_it_is_there_after_all() {
        List<String> looks = new ArrayList<>();
        Function<String, Condition> lit = light -> new Condition(light + " is lit", w -> {
            looks.add(light);
            return this.lit.contains(light) ? Condition.holds("lit") : Condition.notYet("dark");
        });
        Act<Lights> both = new Act<>(
                "hall",
                seen -> seen.on().contains("lamp") && seen.on().contains("refuses twice")
                        ? Plan.NOTHING
                        : Plan.of(List.of(
                                Step.on("a", "light the lamp")
                                        .type(say("on.sh", "lamp"))
                                        .until(lit.apply("lamp"), LIMIT),
                                Step.on("b", "light what refuses twice")
                                        .looked()
                                        .type(say("on.sh", "refuses twice"))
                                        .until(lit.apply("refuses twice"), LIMIT))));
        Act<Lights> somebody = new Act<>("a neighbour", seen -> {
            this.lit.add("refuses twice");
            return Plan.NOTHING;
        });
        Runner.Outcome outcome =
                runner.run(List.of(book(List.of(both, somebody)))).get(0);
        assertThat(outcome.exit()).isEqualTo(Exit.DONE);
        assertThat(looks).containsExactlyInAnyOrder("lamp", "lamp", "refuses twice");
    }

    @Test
    void goes_round_again_when_a_wait_was_in_vain_because_an_earlier_act_had_not_seen_what_it_sees_now() {
        int[] looks = {0};
        Act<Lights> blinking = new Act<>(
                "hall",
                seen -> looks[0]++ < 2 || lit.contains("lamp") ? Plan.NOTHING : Plan.of(List.of(light("a", "lamp"))));
        Act<Lights> waiting = new Act<>(
                "yard",
                seen -> lit.contains("lamp")
                        ? Plan.NOTHING
                        : Plan.of(List.of(Step.on("b", "wait for the lamp")
                                .until(
                                        new Condition(
                                                "the lamp is lit",
                                                w -> lit.contains("lamp")
                                                        ? Condition.holds("lit")
                                                        : Condition.notYet("dark")),
                                        LIMIT))));
        Runner.Outcome outcome = run(blinking, waiting);
        assertThat(outcome.exit()).isEqualTo(Exit.DONE);
        assertThat(lit).containsExactly("lamp");
    }

    @Test
    void does_the_acts_in_order_until_planning_again_gives_nothing() {
        Runner.Outcome outcome = run(act("hall", "a", "lamp", "lantern"), act("yard", "b", "torch"));
        assertThat(outcome.exit()).isEqualTo(Exit.DONE);
        assertThat(outcome.steps()).isEqualTo(3);
        assertThat(lit).containsExactly("lamp", "lantern", "torch");
        assertThat(told).containsSubsequence(Ledger.Kind.ACT_STARTED, Ledger.Kind.STEP_DONE, Ledger.Kind.ACT_ENDED);
    }

    @Test
    void an_act_that_tells_what_it_changes_is_followed_by_a_glance_and_the_round_by_a_look_at_everything() {
        List<String> looks = new ArrayList<>();
        Act<Lights> wide = act("hall", "a", "lamp");
        Act<Lights> narrow = new Act<>("yard", act("yard", "b", "lantern").planner(), Optional.of((seen, w) -> {
            looks.add("glance");
            return new Lights(seen.at(), new TreeSet<>(lit));
        }));
        Act<Lights> last = act("gate", "c", "torch");
        Runbook<Lights> book = new Runbook<>(
                "home",
                "lights",
                w -> {
                    looks.add("look");
                    return new Lights(w.now(), new TreeSet<>(lit));
                },
                List.of(wide, narrow, last));
        assertThat(runner.run(List.of(book)).get(0).isDone()).isTrue();
        assertThat(lit).containsExactly("lamp", "lantern", "torch");
        assertThat(looks)
                .as("first, after the hall, after the yard, when all is done")
                .containsExactly("look", "look", "glance", "look");
    }

    @Test
    void what_was_only_glanced_at_is_looked_at_whole_before_it_is_called_done() {
        List<String> looks = new ArrayList<>();
        Act<Lights> only = new Act<>("yard", act("yard", "b", "lantern").planner(), Optional.of((seen, w) -> {
            looks.add("glance");
            return new Lights(seen.at(), Set.of("lantern", "lamp"));
        }));
        Act<Lights> following = act("hall", "a", "lamp");
        Runbook<Lights> book = new Runbook<>(
                "home",
                "lights",
                w -> {
                    looks.add("look");
                    return new Lights(w.now(), new TreeSet<>(lit));
                },
                List.of(only, following));
        assertThat(runner.run(List.of(book)).get(0).isDone()).isTrue();
        assertThat(lit).as("the glance was wrong about the lamp").contains("lamp");
        assertThat(looks).containsExactly("look", "glance", "look", "look");
    }

    @Test
    void a_first_round_is_typed_whole_though_one_of_it_is_refused_and_what_comes_after_it_is_not() {
        Step step = Step.on("a", "light the hall")
                .typeAtOnce(
                        List.of(say("on.sh", "refuses"), say("on.sh", "lamp"), say("on.sh", "lantern")),
                        say("on.sh", "torch"),
                        say("on.sh", "candle"))
                .until(new Condition("it is light", w -> Condition.notYet("dark")), LIMIT);
        assertThat(step.rounds().stream().map(List::size)).containsExactly(3, 1, 1);
        Runner.Outcome outcome =
                run(new Act<>("hall", seen -> seen.on().isEmpty() ? Plan.of(List.of(step)) : Plan.NOTHING));
        assertThat(outcome.failures()).isEmpty();
        assertThat(lit).containsExactly("lamp", "lantern");
        assertThat(told).contains(Ledger.Kind.STEP_FAILED);
    }

    @Test
    void looks_once_and_types_nothing_when_all_is_as_wanted() {
        lit.add("lamp");
        assertThat(run(act("hall", "a", "lamp")).steps()).isZero();
        assertThat(world.changes()).isEmpty();
        assertThat(told).containsExactly(Ledger.Kind.SEEN);
    }

    @Test
    void skips_a_step_that_is_already_true() {
        Act<Lights> blind = new Act<>(
                "hall",
                seen -> told.contains(Ledger.Kind.STEP_SKIPPED) ? Plan.NOTHING : Plan.of(List.of(light("a", "lamp"))));
        lit.add("lamp");
        assertThat(run(blind).exit()).isEqualTo(Exit.DONE);
        assertThat(world.changes()).isEmpty();
        assertThat(told).contains(Ledger.Kind.STEP_SKIPPED);
    }

    @Test
    void touches_nothing_anywhere_when_one_cluster_refuses() {
        Act<Lights> refusing = new Act<>(
                "yard", seen -> Plan.refused(List.of(new Refusal("a1", "the port 27017 is taken", "free it"))));
        List<Runner.Outcome> outcomes =
                runner.run(List.of(book(List.of(act("hall", "a", "lamp"))), book(List.of(refusing))));
        assertThat(outcomes).extracting(Runner.Outcome::exit).containsOnly(Exit.REFUSED);
        assertThat(outcomes.get(1).refusals()).extracting(Refusal::what).containsExactly("the port 27017 is taken");
        assertThat(world.changes()).isEmpty();
    }

    @Test
    void a_step_that_never_comes_true_is_late_and_mended_and_says_what_was_last_seen() {
        stuck.add("lamp");
        Runner.Outcome outcome = run(act("hall", "a", "lamp"), act("yard", "b", "torch"));
        assertThat(outcome.exit()).isEqualTo(Exit.TIMED_OUT);
        assertThat(outcome.failures())
                .containsExactly("a: light lamp: not within 5 s that lamp is lit; last seen: dark");
        assertThat(world.changes()).extracting(a -> a.script().file()).containsExactly("on.sh", "off.sh");
        assertThat(told).contains(Ledger.Kind.MENDED).doesNotContain(Ledger.Kind.RUN_ENDED);
    }

    @Test
    void a_step_that_is_refused_twice_in_the_same_words_is_given_up_with_those_words() {
        Runner.Outcome outcome = run(act("hall", "a", "refuses"), act("yard", "b", "torch"));
        assertThat(outcome.exit()).isEqualTo(Exit.INCOMPLETE);
        assertThat(outcome.failures()).containsExactly("a: light refuses: on.sh refused (7): no current");
        assertThat(lit).isEmpty();
    }

    @Test
    void a_refused_action_whose_effect_is_seen_all_the_same_is_done() {
        Function<Lights, Plan> planner = seen -> seen.on().contains("refuses-but-lit")
                ? Plan.NOTHING
                : Plan.of(List.of(Step.on("a", "light")
                        .because("dark")
                        .type(say("on.sh", "refuses-but-lit"))
                        .until(
                                new Condition("lit", w -> {
                                    boolean typed = !world.changes().isEmpty();
                                    if (typed) {
                                        lit.add("refuses-but-lit");
                                    }
                                    return typed ? Condition.holds("lit") : Condition.notYet("dark");
                                }),
                                LIMIT)));
        assertThat(run(new Act<>("hall", planner)).exit()).isEqualTo(Exit.DONE);
    }

    @Test
    void an_interrupted_run_mends_and_stops() {
        stuck.add("lamp");
        Act<Lights> interrupting = new Act<>("hall", seen -> {
            runner.interrupt();
            return Plan.of(List.of(light("a", "lamp")));
        });
        assertThat(run(interrupting).exit()).isEqualTo(Exit.INTERRUPTED);
    }

    @Test
    void acts_that_undo_each_other_are_told_as_still_to_do() {
        Act<Lights> off = new Act<>(
                "dark",
                seen -> seen.on().contains("lamp")
                        ? Plan.of(List.of(Step.on("b", "darken lamp")
                                .because("it is lit")
                                .type(say("off.sh", "lamp"))
                                .until(
                                        new Condition(
                                                "dark",
                                                w -> lit.contains("lamp")
                                                        ? Condition.notYet("lit")
                                                        : Condition.holds("dark")),
                                        LIMIT)))
                        : Plan.NOTHING);
        Runner.Outcome outcome = run(act("hall", "a", "lamp"), off);
        assertThat(outcome.exit()).isEqualTo(Exit.INCOMPLETE);
        assertThat(outcome.failures().get(0)).contains("still to do after 4 rounds: light lamp (lamp is dark)");
    }

    @Test
    void the_ledger_names_cluster_act_lane_and_because_of_every_step() {
        List<Map<String, Object>> facts = new ArrayList<>();
        new Runner(
                        world,
                        (kind, f) -> {
                            if (kind == Ledger.Kind.STEP_DONE) {
                                facts.add(f);
                            }
                        },
                        Instant.parse("2026-01-01T00:10:00Z"))
                .run(List.of(book(List.of(act("hall", "a", "lamp")))));
        assertThat(facts).hasSize(1);
        assertThat(facts.get(0))
                .containsEntry("cluster", "home")
                .containsEntry("act", "hall")
                .containsEntry("lane", "a")
                .containsEntry("because", "lamp is dark")
                .containsKey("took_ms");
    }
}
