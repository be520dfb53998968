package dev.holdfast.ledger;

import java.util.List;

/** A function that judges one claim from the record of a run. */
public interface Check {

    /** Returns the claim's name in a drill, e.g. {@code no-acknowledged-write-lost}. */
    String name();

    /** Returns the claim in a sentence. */
    String claim();

    /** Whether the claim is judged although no drill names it. */
    default boolean isOfEveryRun() {
        return false;
    }

    /** Judges the evidence. Pure: the same evidence gives the same verdicts; returns none when the claim does not apply. */
    List<Verdict> judge(Evidence evidence);
}
