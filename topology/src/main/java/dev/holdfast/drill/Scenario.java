package dev.holdfast.drill;

import dev.holdfast.engine.DrillProfile.RecoveryTerm;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Workload.Stream;
import java.util.List;

/**
 * What a drill does between warm-up and read-back: the part in which drills differ. Gates, witness, ledger, healing,
 * read-back, evidence and verdicts are the same for all of them.
 *
 * <p>Each implementation works through the {@link DrillContext} that it is given:
 *
 * <ol>
 *   <li>{@link #refusals} looks whether it can be done here at all. Nothing is changed, nothing was changed before.
 *   <li>{@link #run} is said while clients write. Each moment that matters is told by {@link DrillContext#mark}: {@code break}
 *       when it begins, {@code in effect} once that was seen, {@code phase} for each part of the recovery, and whatever
 *       a claim of its own looks for. Runbooks are carried out by {@link DrillContext#carryOut}. What is read from servers that
 *       are not the final primaries, such as a restored copy, goes on record by {@link DrillContext#readAside}.
 *   <li>{@link #heal} is said when every fault is mended, before the estate is brought to what is declared.
 *   <li>{@link #end} is said last and whatever happened, also when interrupted: it removes what the course has made.
 * </ol>
 *
 * <p>What is to be judged of it is a {@link dev.holdfast.ledger.Check}, one file and one line in the Catalogue, that the
 * drill names among its claims; it rests on the marks and on what was read aside, so that a saved run can be judged again.
 */
public interface Scenario {

    /** How much a stream's clients are meant to feel. */
    enum ClientImpact {
        /** Their writes stop for a while: their recovery time is the drill's. */
        AFFECTED,
        /** They may feel a moment's pause. */
        TOUCHED,
        /** Nothing: only the struck group's data are affected. */
        NOTHING
    }

    /** What is done, one sentence for each thing. */
    List<String> sentences();

    /** To whom, for people. */
    String target();

    /** Who brings the service back, for people. */
    String recoveredBy();

    /** Why it cannot be done here, beyond the gates that all drills share. */
    List<Refusal> refusals(DrillContext drillContext, EstateState state);

    ClientImpact felt(DrillScope scope, EstateState state, Stream stream);

    /** The mark from which the recovery time is counted. */
    default String clockFrom() {
        return "break";
    }

    /** Each break is over before the next one is made, so that recovery is counted from each by itself, and the worst is told. */
    default boolean isBrokenInTurn() {
        return false;
    }

    /** The mark until which what clients feel is put down to the break. */
    default String clockUntil() {
        return "heal";
    }

    /** What is expected of the recovery time, term by term; empty when nothing can be said. */
    List<RecoveryTerm> predicted(DrillScope scope);

    void run(DrillContext drillContext);

    default void heal(DrillContext drillContext) {}

    default void end(DrillContext drillContext) {}
}
