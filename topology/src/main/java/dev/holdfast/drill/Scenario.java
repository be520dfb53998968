package dev.holdfast.drill;

import dev.holdfast.engine.DrillProfile.RecoveryTerm;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Workload.Stream;
import java.util.List;

/**
 * What a drill does between warm-up and read-back; the part in which drills differ. Preconditions, load generator, ledger,
 * repair, read-back, evidence and verdicts are common to all drills.
 *
 * <p>Each implementation uses the {@link DrillContext} that it receives:
 *
 * <ol>
 *   <li>{@link #refusals} checks whether the scenario is possible here. Nothing is changed, and nothing was changed before.
 *   <li>{@link #run} is called while clients write. Each important time is recorded by {@link DrillContext#mark}: {@code break}
 *       when the fault begins, {@code in effect} once that was observed, {@code phase} for each part of the recovery, and
 *       whatever a claim of its own needs. Runbooks are executed by {@link DrillContext#carryOut}. What is read from servers that
 *       are not the final primaries, such as a side-by-side restore, is recorded by {@link DrillContext#readAside}.
 *   <li>{@link #repair} is called when every fault is reverted, before the estate is brought to its desired state.
 *   <li>{@link #end} is called last in every case, also after an interruption; it removes what the scenario has created.
 * </ol>
 *
 * <p>Its claims are {@link dev.holdfast.ledger.Check}s, each with one file and one line in {@code BuiltIns}, which the drill
 * names. A check uses the marks and what was read aside, so that a saved run can be judged again.
 */
public interface Scenario {

    /** How much a stream's clients are expected to notice. */
    enum ClientImpact {
        /** Their writes stop for a while; their recovery time is the drill's. */
        AFFECTED,
        /** They can notice a short pause. */
        TOUCHED,
        /** They notice nothing: only the affected group's data are concerned. */
        NOTHING
    }

    /** Returns what is done, with one sentence for each action. */
    List<String> sentences();

    /** Returns the target for people. */
    String target();

    /** Returns how service is restored, for people. */
    String recoveredBy();

    /** Returns why the scenario is impossible here, beyond the preconditions that all drills share. */
    List<Refusal> refusals(DrillContext drillContext, EstateState state);

    ClientImpact clientImpact(DrillScope scope, EstateState state, Stream stream);

    /** Returns the mark from which the recovery time counts. */
    default String clockFrom() {
        return "fault";
    }

    /** Whether each fault ends before the next one is injected. Recovery is then counted from each, and the worst is reported. */
    default boolean isOneAfterAnother() {
        return false;
    }

    /** Returns the mark until which an outage is attributed to the fault. */
    default String clockUntil() {
        return "repair";
    }

    /** Returns the expected recovery time, term by term; empty when there is no prediction. */
    List<RecoveryTerm> predicted(DrillScope scope);

    void run(DrillContext drillContext);

    default void repair(DrillContext drillContext) {}

    default void end(DrillContext drillContext) {}
}
