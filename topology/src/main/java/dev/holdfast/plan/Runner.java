package dev.holdfast.plan;

import dev.holdfast.ledger.Ledger;
import dev.holdfast.ledger.Ledger.Kind;
import dev.holdfast.model.Exit;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.world.Action;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Observed;
import dev.holdfast.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Carries out runbooks.
 *
 * <ol>
 *   <li>Look; plan every act from what is seen. A refusal in any of them: nothing is touched.
 *   <li>For each act: look (unless nothing was done since the last look; only at what the last act changes where it tells
 *       what that is), plan, carry out its steps, lanes side by side.
 *   <li>A step: look whether its condition holds already (then it is skipped), unless that was just looked for; type its
 *       actions in order, look until it holds. When it does not come true in time, its mend is typed.
 *   <li>After the last act, start again from 1, with a look at everything, until every plan is empty (converged), at most
 *       {@link #ROUNDS} times.
 * </ol>
 *
 * Invariants: a lane stops at its first failure; an act is not begun when one before it failed in this round; mends run
 * even when interrupted; the verdict of a step is what is seen, never an exit code.
 */
public final class Runner {

    /** How often a runbook is gone through before it is called unable to converge. */
    public static final int ROUNDS = 4;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(150);

    private final World world;
    private final Ledger ledger;
    private final Instant end;
    private final AtomicBoolean interrupted = new AtomicBoolean();

    /** @param end when the whole run must be over */
    public Runner(World world, Ledger ledger, Instant end) {
        this.world = world;
        this.ledger = ledger;
        this.end = end;
    }

    /**
     * How one runbook ended.
     *
     * @param notes what the last plans had to tell besides steps
     * @param missing what is left undone because its host does not answer
     */
    public record Outcome(
            String cluster,
            Exit exit,
            int steps,
            List<String> failures,
            List<Refusal> refusals,
            List<String> notes,
            List<Refusal> missing) {
        Outcome(String cluster, Exit exit, int steps, List<String> failures, List<Refusal> refusals) {
            this(cluster, exit, steps, failures, refusals, List.of(), List.of());
        }

        public boolean isDone() {
            return exit == Exit.DONE;
        }

        /** The same, of something that others do not depend on: what it was for is done, this is left. */
        public Outcome incomplete() {
            return new Outcome(cluster, Exit.INCOMPLETE, steps, failures, refusals, notes, missing);
        }
    }

    /** Asks every step under way to stop; mends are still done. */
    public void interrupt() {
        interrupted.set(true);
    }

    /** All runbooks side by side; when any of them refuses at the first look, none of them touches anything. */
    public List<Outcome> run(List<Runbook<?>> books) {
        List<Ready<?>> ready = world.sideBySide(
                books.stream().<Supplier<Ready<?>>>map(b -> () -> ready(b)).toList());
        if (ready.stream().anyMatch(r -> !r.refusals().isEmpty())) {
            return ready.stream()
                    .map(r -> new Outcome(r.book().cluster(), exit(r.refusals()), 0, List.of(), r.refusals()))
                    .toList();
        }
        return world.sideBySide(
                ready.stream().<Supplier<Outcome>>map(r -> () -> run(r)).toList());
    }

    private static Exit exit(List<Refusal> refusals) {
        return refusals.stream().map(Refusal::exit).findFirst().orElse(Exit.REFUSED);
    }

    private record Ready<S extends Observed>(Runbook<S> book, S seen, List<Refusal> refusals) {}

    private <S extends Observed> Ready<S> ready(Runbook<S> book) {
        S seen = look(book);
        List<Refusal> refusals = book.plan(seen).stream()
                .flatMap(p -> p.plan().refusals().stream())
                .toList();
        return new Ready<>(book, seen, refusals);
    }

    private <S extends Observed> S look(Runbook<S> book) {
        S seen = book.look().apply(world);
        ledger.note(Kind.SEEN, facts("cluster", book.cluster(), "nodes", told(seen), "complaints", seen.complaints()));
        return seen;
    }

    private <S extends Observed> Outcome run(Ready<S> ready) {
        Runbook<S> book = ready.book();
        Sight<S> sight = new Sight<>(world, ready.seen(), () -> look(book));
        int steps = 0;
        List<String> failures = List.of();
        for (int round = 1; round <= ROUNDS; round++) {
            int before = steps;
            List<String> earlier = failures;
            failures = List.of();
            Set<String> notes = new LinkedHashSet<>();
            Set<Refusal> missing = new LinkedHashSet<>();
            sight.whole();
            for (Act<S> act : book.acts()) {
                Plan plan = act.planner().apply(sight.seen());
                if (!plan.refusals().isEmpty()) {
                    Exit exit = steps == 0 ? exit(plan.refusals()) : Exit.INCOMPLETE;
                    return new Outcome(
                            book.cluster(), exit, steps, failures.isEmpty() ? earlier : failures, plan.refusals());
                }
                notes.addAll(plan.notes());
                missing.addAll(plan.missing());
                if (plan.isEmpty()) {
                    continue;
                }
                sight.changedBy(act);
                steps += plan.steps().size();
                List<Done> done = carryOut(book.cluster(), act.name(), plan);
                failures = done.stream()
                        .filter(d -> d.fate != Fate.DONE)
                        .map(d -> d.why)
                        .toList();
                if (done.stream().anyMatch(d -> d.fate == Fate.INTERRUPTED)) {
                    return new Outcome(book.cluster(), Exit.INTERRUPTED, steps, failures, List.of());
                }
                if (done.stream().anyMatch(d -> d.fate == Fate.LATE)) {
                    if (round == ROUNDS || !world.now().isBefore(end) || !isWantedBefore(act, book, sight.whole())) {
                        return new Outcome(book.cluster(), Exit.TIMED_OUT, steps, failures, List.of());
                    }
                }
                if (!failures.isEmpty()) {
                    break;
                }
            }
            if (!failures.isEmpty() && failures.equals(earlier)) {
                break;
            }
            if (failures.isEmpty() && steps == before) {
                notes.forEach(n -> ledger.note(Kind.NOTED, facts("cluster", book.cluster(), "note", n)));
                Exit exit = missing.isEmpty() ? Exit.DONE : steps == 0 ? Exit.UNREACHABLE : Exit.INCOMPLETE;
                return new Outcome(
                        book.cluster(), exit, steps, List.of(), List.of(), List.copyOf(notes), List.copyOf(missing));
            }
        }
        if (failures.isEmpty()) {
            failures = book.plan(sight.whole()).stream()
                    .flatMap(p -> p.plan().steps().stream())
                    .map(s -> s.lane() + ": still to do after " + ROUNDS + " rounds: " + s.title() + " (" + s.because()
                            + ")")
                    .toList();
        }
        return new Outcome(
                book.cluster(), failures.isEmpty() ? Exit.DONE : Exit.INCOMPLETE, steps, failures, List.of());
    }

    /** An earlier act did not see what it sees now, such as a server that answered too slowly: then waiting was in vain. */
    private static <S extends Observed> boolean isWantedBefore(Act<S> late, Runbook<S> book, S seen) {
        return book.acts().stream()
                .takeWhile(a -> a != late)
                .map(a -> a.planner().apply(seen))
                .anyMatch(p -> !p.steps().isEmpty() && p.refusals().isEmpty());
    }

    private enum Fate {
        DONE,
        FAILED,
        LATE,
        INTERRUPTED
    }

    private record Done(Fate fate, String why) {
        static final Done WELL = new Done(Fate.DONE, "");
    }

    private List<Done> carryOut(String cluster, String act, Plan plan) {
        ledger.note(
                Kind.ACT_STARTED,
                facts("cluster", cluster, "act", act, "steps", plan.steps().size()));
        Map<String, List<Step>> lanes = new LinkedHashMap<>();
        plan.steps()
                .forEach(s ->
                        lanes.computeIfAbsent(s.lane(), l -> new ArrayList<>()).add(s));
        List<Done> done = world.sideBySide(lanes.values().stream()
                .<Supplier<Done>>map(lane -> () -> lane(cluster, act, lane))
                .toList());
        ledger.note(
                Kind.ACT_ENDED,
                facts("cluster", cluster, "act", act, "ok", done.stream().allMatch(d -> d.fate == Fate.DONE)));
        return done;
    }

    private Done lane(String cluster, String act, List<Step> steps) {
        for (Step step : steps) {
            Done done = step(cluster, act, step);
            if (done.fate != Fate.DONE) {
                return done;
            }
        }
        return Done.WELL;
    }

    private Done step(String cluster, String act, Step step) {
        Map<String, Object> name = facts(
                "cluster", cluster, "act", act, "lane", step.lane(), "step", step.title(), "because", step.because());
        Instant start = world.now();
        if (!step.looked() && step.until().look().at(world).holds()) {
            ledger.note(Kind.STEP_SKIPPED, name);
            return Done.WELL;
        }
        ledger.note(Kind.STEP_STARTED, name);
        Done done = type(step, start.plus(step.within()));
        name.put("took_ms", Duration.between(start, world.now()).toMillis());
        if (done.fate == Fate.DONE) {
            ledger.note(Kind.STEP_DONE, name);
        } else {
            name.put("why", done.why);
            ledger.note(Kind.STEP_FAILED, name);
            mend(step, name);
        }
        return done;
    }

    private Done type(Step step, Instant limit) {
        for (List<Action> round : step.rounds()) {
            if (interrupted.get()) {
                return new Done(Fate.INTERRUPTED, step.lane() + ": interrupted before: " + step.title());
            }
            List<Answer> answers = round.size() == 1 ? List.of(world.ask(round.get(0))) : world.askAll(round);
            for (int i = 0; i < round.size(); i++) {
                if (!answers.get(i).isOk()) {
                    Condition.Glimpse seen = step.until().look().at(world);
                    return seen.holds() ? Done.WELL : refused(step, round.get(i), answers.get(i));
                }
            }
        }
        return await(step, limit.isBefore(end) ? limit : end);
    }

    private static Done refused(Step step, Action action, Answer answer) {
        return new Done(
                Fate.FAILED,
                step.lane() + ": " + step.title() + ": " + action.script().file() + " " + answer.sentence());
    }

    private Done await(Step step, Instant limit) {
        Duration pause = FIRST_PAUSE;
        while (true) {
            Condition.Glimpse seen = step.until().look().at(world);
            if (seen.holds()) {
                return Done.WELL;
            }
            if (interrupted.get()) {
                return new Done(Fate.INTERRUPTED, step.lane() + ": interrupted in: " + step.title());
            }
            if (!world.now().isBefore(limit)) {
                return new Done(
                        Fate.LATE,
                        step.lane() + ": " + step.title() + ": not within "
                                + step.within().toSeconds() + " s that "
                                + step.until().says() + "; last seen: "
                                + seen.seen());
            }
            world.pause(pause);
            Duration longer = pause.multipliedBy(3).dividedBy(2);
            pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        }
    }

    private void mend(Step step, Map<String, Object> name) {
        for (Action action : step.mend()) {
            Answer answer = world.ask(action);
            Map<String, Object> told = new LinkedHashMap<>(name);
            told.put("mend", action.script().file());
            told.put("answer", answer.sentence());
            ledger.note(Kind.MENDED, told);
        }
    }

    private static List<Map<String, Object>> told(Observed seen) {
        return seen.nodes().stream()
                .map(o -> {
                    Map<String, Object> one =
                            facts("node", o.node().id(), "state", o.state().name(), "role", o.role());
                    one.putAll(o.facts());
                    return one;
                })
                .toList();
    }

    private static Map<String, Object> facts(Object... pairs) {
        Map<String, Object> facts = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            facts.put((String) pairs[i], pairs[i + 1]);
        }
        return facts;
    }
}
