package dev.holdfast.engine;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A change of roles: decided by a table, carried out by a runbook. Going through the runbook again once it is done finds
 * nothing to do, so that a killed run is taken up where it stopped.
 *
 * @param decide pure: from what is seen to what is decided
 * @param afterwards what is proven at leisure once roles have changed and writes are served; not part of the change
 */
public record Operation<S extends ClusterState>(
        Runbook<S> book, Function<S, Assessment> decide, Optional<Runbook<?>> afterwards) {

    public Operation(Runbook<S> runbook, Function<S, Assessment> decide) {
        this(runbook, decide, Optional.empty());
    }

    /**
     * What was decided.
     *
     * @param sentence what will be done, e.g. "promote payments/servers/b2"; or that nothing is
     * @param because the row's reason, with the values seen
     * @param refusal why it is not allowed; empty when it is
     * @param pause how long writes are expected to be refused
     * @param mostLost how many commits at most, if it loses any; absent where nobody knows
     * @param to the member that becomes primary; a run that ends early is taken up by naming it
     * @param code of the row that decided; empty where no table has decided
     */
    public record Assessment(
            String sentence,
            String because,
            Optional<Refusal> refusal,
            Duration pause,
            OptionalLong mostLost,
            Optional<String> to,
            Optional<DecisionCode> code) {

        public Assessment(String sentence, String because, Optional<Refusal> refusal, Duration pause) {
            this(sentence, because, refusal, pause, OptionalLong.empty());
        }

        public Assessment(
                String sentence, String because, Optional<Refusal> refusal, Duration pause, OptionalLong mostLost) {
            this(sentence, because, refusal, pause, mostLost, Optional.empty(), refusal.flatMap(Refusal::code));
        }

        /** The same, with the member that becomes primary. */
        public Assessment to(String name) {
            return new Assessment(sentence, because, refusal, pause, mostLost, Optional.of(name), code);
        }

        /** The same, with the code of the row that decided. */
        public Assessment by(DecisionCode row) {
            return new Assessment(sentence, because, refusal, pause, mostLost, to, Optional.of(row));
        }
    }

    /**
     * A decision with the runbook that carries it out.
     *
     * @param book begins with what was seen when it was decided, so that it is to be carried out at once
     */
    public record DecidedRunbook(Assessment decided, Runbook<?> book) {}

    /** Looks and decides, without doing anything. */
    public Assessment decide(ExecutionContext context) {
        return rule(context).decided();
    }

    /** Looks and decides, to carry it out at once: writes may be waiting for it. */
    public DecidedRunbook rule(ExecutionContext context) {
        S state = book.look().apply(context);
        return new DecidedRunbook(decide.apply(state), book.startingFrom(state));
    }
}
