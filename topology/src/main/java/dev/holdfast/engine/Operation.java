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
 * A switchover, failover, rejoin or restore: a decision table and a runbook that executes the decision. The same runbook, run
 * again afterwards, finds nothing to do, so a killed run can be continued.
 *
 * @param decide pure: from the observed state to the decision
 * @param afterwards what is verified later, when roles have changed and writes are served; not part of the change
 */
public record Operation<S extends ClusterState>(
        Runbook<S> runbook, Function<S, Assessment> decide, Optional<Runbook<?>> afterwards) {

    public Operation(Runbook<S> runbook, Function<S, Assessment> decide) {
        this(runbook, decide, Optional.empty());
    }

    /**
     * The decision.
     *
     * @param sentence what will be done, e.g. "promote payments/servers/b2", or that nothing is
     * @param because the row's reason, with the observed values
     * @param refusal why it is not allowed; empty when it is allowed
     * @param pause how long writes are expected to be refused
     * @param mostLost how many commits can be lost at most; absent when unknown
     * @param to the member that becomes primary; a later run continues by naming it
     * @param code of the row that decided; empty without a decision table
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

        /** Returns the same decision with the member that becomes primary. */
        public Assessment to(String name) {
            return new Assessment(sentence, because, refusal, pause, mostLost, Optional.of(name), code);
        }

        /** The same, with the code of the row that decided. */
        public Assessment by(DecisionCode row) {
            return new Assessment(sentence, because, refusal, pause, mostLost, to, Optional.of(row));
        }
    }

    /**
     * A decision with the runbook that executes it.
     *
     * @param runbook starts from the observation of the decision, so it must be executed at once
     */
    public record DecidedRunbook(Assessment decided, Runbook<?> runbook) {}

    /** Observes and decides; changes nothing. */
    public Assessment decide(ExecutionContext context) {
        return rule(context).decided();
    }

    /** Observes and decides, for execution at once: writes can be waiting for it. */
    public DecidedRunbook rule(ExecutionContext context) {
        S state = runbook.look().apply(context);
        return new DecidedRunbook(decide.apply(state), runbook.startingFrom(state));
    }
}
