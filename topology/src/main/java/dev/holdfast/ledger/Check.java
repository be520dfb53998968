package dev.holdfast.ledger;

import java.util.List;

/** A claim that a run can be held to. */
public interface Check {

    /** As a drill names it, e.g. {@code nothing-lost}. */
    String name();

    /** What is claimed, in a sentence. */
    String claim();

    /** Whether it is judged though no drill names it. */
    default boolean isOfEveryRun() {
        return false;
    }

    /** Pure: the same evidence gives the same verdicts; none when it does not apply. */
    List<Verdict> judge(Evidence evidence);
}
