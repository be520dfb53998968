package dev.holdfast.plan;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.StepExecutor.Done;
import dev.holdfast.plan.StepExecutor.Fate;
import dev.holdfast.plan.StepExecutor.StageEnd;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Executes one runbook again and again until no stage has a step left.
 *
 * <ol>
 *   <li>For each stage: observe (unless nothing was done since the last observation; only what the last stage changes, if it
 *       declares that), plan, and execute the steps with {@link StepExecutor}.
 *   <li>After the last stage, start again from 1 with a full observation, until every plan is empty (converged), at most
 *       {@link #MOST} times.
 * </ol>
 *
 * Invariants: when a stage has failed, only independent stages are started after it in this round, without disruptive steps
 * and apart from what failed. A round that fails in the same way as the one before is the last. A change that a server
 * refused and that was not done since makes the run incomplete, whatever a later observation shows.
 */
final class ConvergenceLoop<S extends ClusterState> {

    /** The number of rounds after which a runbook counts as unable to converge. */
    static final int MOST = 6;

    private final Runbook<S> runbook;
    private final StateCache<S> stateCache;
    private final StepExecutor lanes;
    private final RunRecorder recorder;

    /** How many steps were started or skipped. */
    private int planned;

    private int steps;
    private int skipped;
    /** Whether an action was sent to a host or server. */
    private boolean isChanged;

    private List<String> failures = List.of();
    /** The same failures without words that change from time to time. */
    private List<String> failed = List.of();
    /** The lanes of this round in which a step failed. */
    private final Set<String> broken = new LinkedHashSet<>();

    private boolean isLate;
    /** What servers refused, by step; a step that is executed again is judged by its last outcome. */
    private final Map<String, String> refused = new LinkedHashMap<>();

    private final Set<String> notes = new LinkedHashSet<>();
    private final Set<Refusal> missing = new LinkedHashSet<>();
    private final Set<Refusal> open = new LinkedHashSet<>();

    ConvergenceLoop(Runbook<S> runbook, StateCache<S> stateCache, StepExecutor lanes, RunRecorder recorder) {
        this.runbook = runbook;
        this.stateCache = stateCache;
        this.lanes = lanes;
        this.recorder = recorder;
    }

    RunbookOutcome run() {
        for (int round = 1; round <= MOST; round++) {
            int before = planned;
            List<String> earlier = failed;
            Optional<RunbookOutcome> end = round(round == MOST);
            if (end.isPresent()) {
                return end.get();
            }
            if (!failures.isEmpty() && !isChanged) {
                return RunbookOutcome.refused(runbook.cluster(), withoutSecrets());
            }
            if (!failures.isEmpty() && failed.equals(earlier)) {
                break;
            }
            if (failures.isEmpty() && planned == before) {
                failures = List.copyOf(refused.values());
                return failures.isEmpty() ? converged() : ended(ExitCode.INCOMPLETE);
            }
        }
        if (failures.isEmpty()) {
            failures = stillToDo();
        }
        return ended(failures.isEmpty() ? ExitCode.DONE : ExitCode.INCOMPLETE);
    }

    /** Executes the stages in order until one fails; returns how the runbook ended when no further round can follow. */
    private Optional<RunbookOutcome> round(boolean isLast) {
        List<String> earlier = failures;
        failures = List.of();
        failed = List.of();
        broken.clear();
        notes.clear();
        missing.clear();
        open.clear();
        stateCache.whole();
        for (Stage<S> stage : runbook.stages()) {
            Plan plan = stage.planner().apply(stateCache.state());
            if (!plan.refusals().isEmpty()) {
                return Optional.of(refused(failures.isEmpty() ? earlier : failures, plan.refusals()));
            }
            notes.addAll(plan.notes());
            missing.addAll(plan.missing());
            open.addAll(plan.open());
            boolean mayBegin = broken.isEmpty() || stage.isIndependent();
            Plan left = broken.isEmpty() ? plan : plan.apartFrom(broken);
            if (left.isEmpty() || !mayBegin) {
                continue;
            }
            Optional<RunbookOutcome> end = carryOut(stage, left, isLast);
            if (end.isPresent()) {
                return end;
            }
        }
        return isLate ? Optional.of(ended(ExitCode.TIMED_OUT)) : Optional.empty();
    }

    private Optional<RunbookOutcome> carryOut(Stage<S> stage, Plan plan, boolean isLast) {
        stateCache.changedBy(stage);
        planned += plan.steps().size();
        StageEnd end = lanes.carryOut(runbook.cluster(), stage.name(), plan);
        List<Done> done = end.ends();
        steps += end.done();
        skipped += end.skipped();
        isChanged |= end.done() > 0 || done.stream().anyMatch(d -> !isUnsent(plan, d));
        plan.steps().forEach(s -> refused.remove(StepExecutor.key(s)));
        done.stream().filter(d -> d.fate() == Fate.REFUSED).forEach(d -> refused.put(d.step(), d.why()));
        failed = joined(failed, done, ConvergenceLoop::kind);
        failures = joined(failures, done, Done::why);
        done.stream().filter(d -> !d.isSuccessful()).map(Done::lane).forEach(broken::add);
        if (done.stream().anyMatch(d -> d.fate() == Fate.INTERRUPTED)) {
            return Optional.of(ended(ExitCode.INTERRUPTED));
        }
        if (done.stream().anyMatch(d -> d.fate() == Fate.LATE)
                && (isLast || lanes.isTimeUp() || !isDesiredBefore(stage, stateCache.whole()))) {
            isLate = true;
            return lanes.isTimeUp() ? Optional.of(ended(ExitCode.TIMED_OUT)) : Optional.empty();
        }
        return Optional.empty();
    }

    private RunbookOutcome refused(List<String> failed, List<Refusal> refusals) {
        return isChanged
                ? RunbookOutcome.stopped(runbook.cluster(), steps, skipped, failed, refusals)
                : RunbookOutcome.refused(runbook.cluster(), refusals);
    }

    private List<Refusal> withoutSecrets() {
        return failures.stream()
                .map(f -> ActionResult.refused(ActionResult.NO_SECRET, f))
                .map(a -> new Refusal(runbook.cluster(), a.reason() + ". Nothing was changed", a.hint()))
                .toList();
    }

    /** Whether the first step of its lane needs a secret with an unknown value, so that the lane sent nothing. */
    private static boolean isUnsent(Plan plan, Done done) {
        Set<String> lanes = new HashSet<>();
        return done.fate() == Fate.WITHOUT_SECRET
                && plan.steps().stream()
                        .filter(s -> lanes.add(s.lane()))
                        .anyMatch(s -> StepExecutor.key(s).equals(done.step()));
    }

    private static List<String> joined(List<String> before, List<Done> done, Function<Done, String> word) {
        return Stream.concat(
                        before.stream(),
                        done.stream().filter(d -> !d.isSuccessful()).map(word))
                .toList();
    }

    /**
     * Compares two rounds. A refusal is the same when the same step is refused, because its text can name a new build each time.
     * A failure is the same when its text differs only in numbers, because server logs contain times and process ids.
     */
    private static String kind(Done done) {
        return switch (done.fate()) {
            case REFUSED -> done.step();
            case FAILED -> done.why().replaceAll("[0-9]+", "#");
            default -> done.why();
        };
    }

    /** Whether an earlier stage observed a difference, such as a server that answered too slowly; then the wait was in vain. */
    private boolean isDesiredBefore(Stage<S> late, S state) {
        return runbook.stages().stream()
                .takeWhile(a -> a != late)
                .map(a -> a.planner().apply(state))
                .anyMatch(p -> !p.steps().isEmpty() && p.refusals().isEmpty());
    }

    private RunbookOutcome converged() {
        notes.forEach(n -> recorder.noted(runbook.cluster(), n));
        boolean isRefused = missing.stream().anyMatch(m -> m.exit() == ExitCode.REFUSED);
        ExitCode none = isUnreached() ? ExitCode.UNREACHABLE : isRefused ? ExitCode.REFUSED : ExitCode.INCOMPLETE;
        ExitCode left = steps == 0 ? none : ExitCode.INCOMPLETE;
        boolean wouldLose = missing.stream().anyMatch(m -> m.exit() == ExitCode.WOULD_LOSE_DATA);
        ExitCode exit = missing.isEmpty() ? ExitCode.DONE : wouldLose ? ExitCode.WOULD_LOSE_DATA : left;
        return new RunbookOutcome(
                runbook.cluster(),
                exit,
                steps,
                skipped,
                List.of(),
                List.of(),
                List.copyOf(notes),
                List.copyOf(missing),
                List.copyOf(open));
    }

    private boolean isUnreached() {
        return missing.stream().allMatch(m -> m.exit() == ExitCode.UNREACHABLE);
    }

    private RunbookOutcome ended(ExitCode exit) {
        notes.forEach(n -> recorder.noted(runbook.cluster(), n)); // they can explain the failure
        return new RunbookOutcome(
                runbook.cluster(),
                exit,
                steps,
                skipped,
                failures,
                List.of(),
                List.copyOf(notes),
                List.copyOf(missing),
                List.copyOf(open));
    }

    private List<String> stillToDo() {
        return runbook.plan(stateCache.whole()).stream()
                .flatMap(p -> p.plan().steps().stream())
                .map(s -> s.lane() + ": still to do after " + MOST + " rounds: " + s.title() + " (" + s.because() + ")")
                .toList();
    }
}
