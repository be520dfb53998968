package dev.holdfast.drill;

import dev.holdfast.ledger.Ledger.Kind;
import dev.holdfast.plan.Plan.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Carries out one drill.
 *
 * <ol>
 *   <li>{@link Gates}: look; a gate that does not hold refuses, and nothing was touched.
 *   <li>{@link WarmUp}: the witness makes its place and clients write; a stream that is not served refuses.
 *   <li>{@link Course}: what this drill does. One that breaks something looks again for whom to strike, breaks, looks until
 *       it is in effect ({@link Strikes}), recovers, and waits until clients are served steadily.
 *   <li>{@link Healing}: mend, then bring the estate to what is declared, and look until it is whole.
 *   <li>{@link ReadBack}: the witness stops and reads every stream from the primaries there are then, and from no other node.
 * </ol>
 *
 * Invariants: every break's mend is on record on its host before it is set; mends are said whatever happens in between,
 * also when interrupted; what is judged is in the ledger, so that it can be judged again without the estate.
 */
public final class DrillRun {

    static final String INTERRUPTED = "interrupted";

    private static final Duration SETTLE = Duration.ofSeconds(30);

    private final Stage stage;
    private final Duration later;
    private final Gates gates;

    /** @param later how much longer than usual the witness writes before the break */
    public DrillRun(Stage stage, Gates gates, Duration later) {
        this.stage = stage;
        this.gates = gates;
        this.later = later;
    }

    /** Asks to stop as soon as may be; mends are still said. */
    public void interrupt() {
        stage.stop(INTERRUPTED);
    }

    /** Why nothing was done; empty when the drill ran, whatever came of it. */
    public List<Refusal> run() {
        Sight seen = settledLook();
        List<Refusal> refusals = gates.refusals(stage, seen);
        if (!refusals.isEmpty()) {
            return refusals;
        }
        Witness witness = stage.witness();
        stage.ledger().note(Kind.DRILL, DrillFacts.of(stage, seen, witness.now()));
        try {
            witness.prepare(stage.workload());
            witness.start();
            Optional<Refusal> idle = WarmUp.run(stage, later);
            if (idle.isPresent()) {
                return List.of(idle.get());
            }
            RolledBack rolledBack = RolledBack.before(stage);
            underWatch(seen);
            ReadBack.run(stage);
            rolledBack.tell(stage);
        } finally {
            Healing.mend(stage);
            stage.drill().course().end(stage);
            witness.stop();
            witness.clear();
        }
        return List.of();
    }

    /** A server that is slow to answer once is not ill: what is complained of must last. */
    private Sight settledLook() {
        Sight[] seen = {stage.look()};
        stage.await(SETTLE, () -> {
            if (!seen[0].complaints().isEmpty()) {
                seen[0] = stage.look();
            }
            return seen[0].complaints().isEmpty();
        });
        return seen[0];
    }

    /** The course and the healing, while the hosts are told that the CLI is alive. */
    private void underWatch(Sight seen) {
        AtomicBoolean over = new AtomicBoolean();
        Watch watch = new Watch(stage, seen);
        stage.world()
                .sideBySide(List.of(
                        () -> {
                            try {
                                stage.drill().course().run(stage);
                                tellStop();
                                Healing.run(stage);
                            } finally {
                                Healing.mend(stage);
                                over.set(true);
                            }
                            return true;
                        },
                        () -> {
                            watch.until(over);
                            return true;
                        }));
    }

    private void tellStop() {
        if (stage.stopped() != null) {
            stage.mark("broken off", stage.stopped());
            stage.ledger().note(Kind.NOTED, Map.of("note", "broken off: " + stage.stopped()));
        }
    }
}
