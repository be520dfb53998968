package dev.holdfast.plan;

import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.Exit;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.world.Observed;
import dev.holdfast.world.World;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Carries out runbooks.
 *
 * <ol>
 *   <li>Look; plan every act from what is seen. A refusal in any of them: nothing is touched.
 *   <li>Each runbook, side by side, round after round until there is nothing left to do: {@link Rounds}.
 *   <li>In a round each act in turn, its steps by {@link Lanes}.
 * </ol>
 */
public final class Runner {

    private final World world;
    private final Logbook logbook;
    private final Lanes lanes;

    /** @param end when the whole run must be over */
    public Runner(World world, Ledger ledger, Instant end) {
        this.world = world;
        this.logbook = new Logbook(ledger);
        this.lanes = new Lanes(world, logbook, end);
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

        /** Refused before anything was done; what is refused after that is left half done. */
        static Outcome refused(String cluster, int steps, List<String> failures, List<Refusal> refusals) {
            Exit exit = steps > 0
                    ? Exit.INCOMPLETE
                    : refusals.stream().map(Refusal::exit).findFirst().orElse(Exit.REFUSED);
            return new Outcome(cluster, exit, steps, failures, refusals);
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
        lanes.interrupt();
    }

    /** All runbooks side by side; when any of them refuses at the first look, none of them touches anything. */
    public List<Outcome> run(List<Runbook<?>> books) {
        List<Ready<?>> ready = world.sideBySide(
                books.stream().<Supplier<Ready<?>>>map(b -> () -> ready(b)).toList());
        if (ready.stream().anyMatch(r -> !r.refusals().isEmpty())) {
            return ready.stream()
                    .map(r -> Outcome.refused(r.book().cluster(), 0, List.of(), r.refusals()))
                    .toList();
        }
        return world.sideBySide(
                ready.stream().<Supplier<Outcome>>map(r -> () -> run(r)).toList());
    }

    private record Ready<S extends Observed>(Runbook<S> book, S seen, List<Refusal> refusals) {}

    private <S extends Observed> Ready<S> ready(Runbook<S> book) {
        S seen = look(book);
        List<Refusal> refusals = book.plan(seen).stream()
                .flatMap(p -> p.plan().refusals().stream())
                .toList();
        return new Ready<>(book, seen, refusals);
    }

    private <S extends Observed> Outcome run(Ready<S> ready) {
        Sight<S> sight = new Sight<>(world, ready.seen(), () -> look(ready.book()));
        return new Rounds<>(ready.book(), sight, lanes, logbook).run();
    }

    private <S extends Observed> S look(Runbook<S> book) {
        S seen = book.look().apply(world);
        logbook.seen(book.cluster(), seen);
        return seen;
    }
}
