package dev.holdfast.plan;

import dev.holdfast.world.Action;
import dev.holdfast.world.Answer;
import dev.holdfast.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Carries out the steps of one act: lanes side by side, the steps of one lane in order. Each step:
 *
 * <ol>
 *   <li>Look whether its condition holds already (then it is skipped), unless that was just looked for.
 *   <li>Type its actions in order.
 *   <li>Look until it holds.
 *   <li>When it does not come true in time, its mend is typed.
 * </ol>
 *
 * Invariants: a lane stops at its first failure; mends run even when interrupted; the verdict of a step is what is seen,
 * never an exit code.
 */
final class Lanes {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(150);

    private final World world;
    private final Logbook logbook;
    private final Instant end;
    private final AtomicBoolean interrupted = new AtomicBoolean();

    /** @param end when the whole run must be over */
    Lanes(World world, Logbook logbook, Instant end) {
        this.world = world;
        this.logbook = logbook;
        this.end = end;
    }

    /** What became of a step. */
    enum Fate {
        DONE,
        FAILED,
        LATE,
        INTERRUPTED
    }

    /**
     * How a lane ended: as its last step did.
     *
     * @param why empty when it is done
     */
    record Done(Fate fate, String why) {
        private static final Done WELL = new Done(Fate.DONE, "");

        boolean isWell() {
            return fate == Fate.DONE;
        }
    }

    /** Asks every step under way to stop; mends are still done. */
    void interrupt() {
        interrupted.set(true);
    }

    /** The whole run should be over by now. */
    boolean isTimeUp() {
        return !world.now().isBefore(end);
    }

    List<Done> carryOut(String cluster, String act, Plan plan) {
        logbook.started(cluster, act, plan.steps().size());
        Map<String, List<Step>> lanes = new LinkedHashMap<>();
        plan.steps()
                .forEach(s ->
                        lanes.computeIfAbsent(s.lane(), l -> new ArrayList<>()).add(s));
        List<Done> done = world.sideBySide(lanes.values().stream()
                .<Supplier<Done>>map(lane -> () -> lane(cluster, act, lane))
                .toList());
        logbook.ended(cluster, act, done.stream().allMatch(Done::isWell));
        return done;
    }

    private Done lane(String cluster, String act, List<Step> steps) {
        for (Step step : steps) {
            Done done = step(step, logbook.page(cluster, act, step));
            if (!done.isWell()) {
                return done;
            }
        }
        return Done.WELL;
    }

    private Done step(Step step, Logbook.Page page) {
        Instant start = world.now();
        if (!step.looked() && step.until().look().at(world).holds()) {
            page.skipped();
            return Done.WELL;
        }
        page.started();
        Done done = type(step, start.plus(step.within()));
        Duration took = Duration.between(start, world.now());
        if (done.isWell()) {
            page.done(took);
        } else {
            page.failed(took, done.why());
            mend(step, page);
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

    private void mend(Step step, Logbook.Page page) {
        for (Action action : step.mend()) {
            page.mended(action, world.ask(action));
        }
    }
}
