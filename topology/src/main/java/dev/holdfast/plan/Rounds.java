package dev.holdfast.plan;

import dev.holdfast.model.Exit;
import dev.holdfast.plan.Lanes.Done;
import dev.holdfast.plan.Lanes.Fate;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runner.Outcome;
import dev.holdfast.world.Observed;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One runbook, gone through again and again until there is nothing left to do.
 *
 * <ol>
 *   <li>For each act: look (unless nothing was done since the last look; only at what the last act changes where it tells
 *       what that is), plan, carry out its steps by {@link Lanes}.
 *   <li>After the last act, start again from 1, with a look at everything, until every plan is empty (converged), at most
 *       {@link #MOST} times.
 * </ol>
 *
 * Invariants: an act is not begun when one before it failed in this round; a round that fails as the one before it did is
 * the last.
 */
final class Rounds<S extends Observed> {

    /** How often a runbook is gone through before it is called unable to converge. */
    static final int MOST = 4;

    private final Runbook<S> book;
    private final Sight<S> sight;
    private final Lanes lanes;
    private final Logbook logbook;

    private int steps;
    private List<String> failures = List.of();
    private final Set<String> notes = new LinkedHashSet<>();
    private final Set<Refusal> missing = new LinkedHashSet<>();

    Rounds(Runbook<S> book, Sight<S> sight, Lanes lanes, Logbook logbook) {
        this.book = book;
        this.sight = sight;
        this.lanes = lanes;
        this.logbook = logbook;
    }

    Outcome run() {
        for (int round = 1; round <= MOST; round++) {
            int before = steps;
            List<String> earlier = failures;
            Optional<Outcome> end = round(round == MOST);
            if (end.isPresent()) {
                return end.get();
            }
            if (!failures.isEmpty() && failures.equals(earlier)) {
                break;
            }
            if (failures.isEmpty() && steps == before) {
                return converged();
            }
        }
        if (failures.isEmpty()) {
            failures = stillToDo();
        }
        return ended(failures.isEmpty() ? Exit.DONE : Exit.INCOMPLETE);
    }

    /** The acts in order until one fails; tells how the runbook ended where no other round may follow. */
    private Optional<Outcome> round(boolean isLast) {
        List<String> earlier = failures;
        failures = List.of();
        notes.clear();
        missing.clear();
        sight.whole();
        for (Act<S> act : book.acts()) {
            Plan plan = act.planner().apply(sight.seen());
            if (!plan.refusals().isEmpty()) {
                return Optional.of(Outcome.refused(book.cluster(), steps, earlier, plan.refusals()));
            }
            notes.addAll(plan.notes());
            missing.addAll(plan.missing());
            if (plan.isEmpty()) {
                continue;
            }
            Optional<Outcome> end = carryOut(act, plan, isLast);
            if (end.isPresent() || !failures.isEmpty()) {
                return end;
            }
        }
        return Optional.empty();
    }

    private Optional<Outcome> carryOut(Act<S> act, Plan plan, boolean isLast) {
        sight.changedBy(act);
        steps += plan.steps().size();
        List<Done> done = lanes.carryOut(book.cluster(), act.name(), plan);
        failures = done.stream().filter(d -> !d.isWell()).map(Done::why).toList();
        if (done.stream().anyMatch(d -> d.fate() == Fate.INTERRUPTED)) {
            return Optional.of(ended(Exit.INTERRUPTED));
        }
        if (done.stream().anyMatch(d -> d.fate() == Fate.LATE)
                && (isLast || lanes.isTimeUp() || !isWantedBefore(act, sight.whole()))) {
            return Optional.of(ended(Exit.TIMED_OUT));
        }
        return Optional.empty();
    }

    /** An earlier act did not see what it sees now, such as a server that answered too slowly: then waiting was in vain. */
    private boolean isWantedBefore(Act<S> late, S seen) {
        return book.acts().stream()
                .takeWhile(a -> a != late)
                .map(a -> a.planner().apply(seen))
                .anyMatch(p -> !p.steps().isEmpty() && p.refusals().isEmpty());
    }

    private Outcome converged() {
        notes.forEach(n -> logbook.noted(book.cluster(), n));
        Exit exit = missing.isEmpty() ? Exit.DONE : steps == 0 ? Exit.UNREACHABLE : Exit.INCOMPLETE;
        return new Outcome(book.cluster(), exit, steps, List.of(), List.of(), List.copyOf(notes), List.copyOf(missing));
    }

    private Outcome ended(Exit exit) {
        return new Outcome(book.cluster(), exit, steps, failures, List.of());
    }

    private List<String> stillToDo() {
        return book.plan(sight.whole()).stream()
                .flatMap(p -> p.plan().steps().stream())
                .map(s -> s.lane() + ": still to do after " + MOST + " rounds: " + s.title() + " (" + s.because() + ")")
                .toList();
    }
}
