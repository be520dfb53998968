package dev.holdfast.plan;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Executes the steps of one stage: lanes in parallel, the steps of one lane in order. Each step:
 *
 * <ol>
 *   <li>Observe whether its condition holds already (then skip it), unless that was just observed.
 *   <li>Execute its actions in order.
 *   <li>Observe until the condition holds.
 *   <li>If the condition does not hold in time, execute its revert.
 * </ol>
 *
 * Invariants: a lane stops at its first failure, unless that failure affects only one object on it; reverts run even after an
 * interruption; an observation decides about a step, never an exit code; a change that a database server refused never counts
 * as done ({@link FailedAction}).
 */
final class StepExecutor {

    /** The least time of an action; a shorter one would not reach a host. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(150);

    private final ExecutionContext context;
    private final RunRecorder recorder;
    private final Instant end;
    private final Duration timeout;
    private final boolean isStrict;
    private final AtomicBoolean interrupted = new AtomicBoolean();

    /**
     * @param end when the whole run must be over
     * @param timeout the time limit of the whole run
     * @param isStrict whether actions that can take longer than the whole run, such as copies, are also ended then
     */
    StepExecutor(ExecutionContext context, RunRecorder recorder, Instant end, Duration timeout, boolean isStrict) {
        this.context = context;
        this.recorder = recorder;
        this.end = end;
        this.timeout = timeout;
        this.isStrict = isStrict;
    }

    /** The outcome of a step. */
    enum Fate {
        DONE,
        /** The condition held already, and nothing was sent. */
        SKIPPED,
        /** A server refused the change: no later observation makes the step done. */
        REFUSED,
        /** Nothing was sent: the value of a secret is not known on this machine. */
        WITHOUT_SECRET,
        FAILED,
        LATE,
        INTERRUPTED
    }

    /**
     * The end of a step.
     *
     * @param why empty when it is done
     * @param step the key of a failed step; else empty
     * @param lane the lane of a failed step, or the one affected object on it
     */
    record Done(Fate fate, String why, String step, String lane) {
        private static final Done SUCCEEDED = new Done(Fate.DONE, "", "", "");
        private static final Done SKIPPED = new Done(Fate.SKIPPED, "", "", "");

        private static Done of(Fate fate, Step step, String why) {
            return new Done(fate, why, key(step), step.scope());
        }

        boolean isSuccessful() {
            return fate == Fate.DONE || fate == Fate.SKIPPED;
        }
    }

    /**
     * The end of a stage.
     *
     * @param ends the ends of failed steps
     * @param done how many steps were done; {@code skipped} how many had a condition that already held
     */
    record StageEnd(List<Done> ends, int done, int skipped) {

        private static StageEnd of(List<Done> steps) {
            return new StageEnd(
                    steps.stream().filter(d -> !d.isSuccessful()).toList(),
                    (int) steps.stream().filter(d -> d.fate() == Fate.DONE).count(),
                    (int) steps.stream().filter(d -> d.fate() == Fate.SKIPPED).count());
        }
    }

    /** Requests a stop of every running step; reverts are still executed. */
    void interrupt() {
        interrupted.set(true);
    }

    /** Whether the time of the whole run is over. */
    boolean isTimeUp() {
        return !context.now().isBefore(end);
    }

    StageEnd carryOut(String cluster, String stage, Plan plan) {
        recorder.started(cluster, stage, plan.steps().size());
        Map<String, List<Step>> lanes = new LinkedHashMap<>();
        plan.steps()
                .forEach(s ->
                        lanes.computeIfAbsent(s.lane(), l -> new ArrayList<>()).add(s));
        StageEnd end = StageEnd.of(context
                .sideBySide(lanes.values().stream()
                        .<Supplier<List<Done>>>map(lane -> () -> lane(cluster, stage, lane))
                        .toList())
                .stream()
                .flatMap(List::stream)
                .toList());
        recorder.ended(cluster, stage, end.ends().isEmpty());
        return end;
    }

    /** Returns the name of a step that stays the same in every round. */
    static String key(Step step) {
        return step.lane() + ": " + step.title();
    }

    /** Executes a lane until it is done or has failed. Steps about another object continue after a failure that affects one object. */
    private List<Done> lane(String cluster, String stage, List<Step> steps) {
        List<Done> all = new ArrayList<>();
        for (Step step : steps) {
            if (all.stream().anyMatch(d -> !d.isSuccessful() && d.lane().equals(step.scope()))) {
                continue;
            }
            Done done = step(step, recorder.page(cluster, stage, step));
            all.add(done);
            boolean goesOn = done.fate() == Fate.REFUSED || done.fate() == Fate.FAILED;
            if (!done.isSuccessful() && (!goesOn || step.about().isEmpty())) {
                return all;
            }
        }
        return all;
    }

    private Done step(Step step, RunRecorder.Page page) {
        Instant start = context.now();
        if (!step.looked() && step.until().look().at(context).holds()) {
            page.skipped();
            return Done.SKIPPED;
        }
        page.started();
        Done done = type(step, start.plus(step.within()));
        Duration took = Duration.between(start, context.now());
        if (done.isSuccessful()) {
            page.done(took);
        } else {
            page.failed(took, done.why());
            revert(step, page);
        }
        return done;
    }

    private Done type(Step step, Instant limit) {
        for (List<Action> round : step.rounds()) {
            if (interrupted.get()) {
                return Done.of(Fate.INTERRUPTED, step, step.lane() + ": interrupted before: " + step.title());
            }
            if (isStrict && isTimeUp()) {
                return Done.of(
                        Fate.LATE, step, step.lane() + ": not started within " + wholeRun() + ": " + step.title());
            }
            List<Action> bounded = round.stream().map(this::bounded).toList();
            List<ActionResult> answers =
                    round.size() == 1 ? List.of(context.ask(bounded.get(0))) : context.askAll(bounded);
            if (answers.stream().allMatch(a -> a.isRefused(ActionResult.NO_SECRET))) {
                return refused(Fate.WITHOUT_SECRET, step, bounded.get(0), answers.get(0));
            }
            for (int i = 0; i < round.size(); i++) {
                if (FailedAction.isFinal(round.get(i), answers.get(i))) {
                    return refused(Fate.REFUSED, step, round.get(i), answers.get(i));
                }
                if (!answers.get(i).isOk()) {
                    Condition.ProbeResult state = step.until().look().at(context);
                    boolean isLate = answers.get(i).isSilent() && isTimeUp();
                    Fate fate = isLate ? Fate.LATE : Fate.FAILED;
                    return state.holds() ? Done.SUCCEEDED : refused(fate, step, bounded.get(i), answers.get(i));
                }
            }
        }
        return await(step, limit.isBefore(end) ? limit : end);
    }

    /** Limits an action by the end of the run; an action that can take longer than any run has its own limit, unless strict. */
    private Action bounded(Action action) {
        Duration left = Duration.between(context.now(), end);
        boolean isLong = action.deadline().compareTo(timeout) > 0;
        return isLong && !isStrict ? action : action.within(left.compareTo(SHORTEST) < 0 ? SHORTEST : left);
    }

    private String wholeRun() {
        return "the " + seconds(timeout) + " of --timeout";
    }

    private static String seconds(Duration duration) {
        return (duration.toMillis() + 500) / 1000 + " s";
    }

    private static Done refused(Fate fate, Step step, Action action, ActionResult answer) {
        return Done.of(
                fate,
                step,
                step.lane() + ": " + step.title() + ": " + action.script().file() + " " + answer.sentence());
    }

    private Done await(Step step, Instant limit) {
        Duration pause = FIRST_PAUSE;
        Instant begun = context.now();
        while (true) {
            Condition.ProbeResult state = step.until().look().at(context);
            if (state.holds()) {
                return Done.SUCCEEDED;
            }
            if (interrupted.get()) {
                return Done.of(Fate.INTERRUPTED, step, step.lane() + ": interrupted in: " + step.title());
            }
            if (!context.now().isBefore(limit)) {
                return Done.of(
                        Fate.LATE,
                        step,
                        step.lane() + ": " + step.title() + ": not within "
                                + (limit.equals(end)
                                        ? wholeRun()
                                        : step.within().toSeconds() + " s") + " that "
                                + step.until().description() + "; last observed: "
                                + state.observed()
                                + (limit.equals(end)
                                        ? " (waited " + seconds(Duration.between(begun, context.now())) + ")"
                                        : ""));
            }
            context.pause(pause);
            Duration longer = pause.multipliedBy(3).dividedBy(2);
            pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        }
    }

    private void revert(Step step, RunRecorder.Page page) {
        for (Action action : step.revert()) {
            page.reverted(action, context.ask(action));
        }
    }
}
