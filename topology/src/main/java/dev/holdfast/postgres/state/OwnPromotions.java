package dev.holdfast.postgres.state;

import java.util.Set;

/**
 * The fences and promotions that the present run has made itself, as opposed to those of an interrupted run. A fence by an
 * earlier, interrupted run names a candidate that the run can have promoted; of its own fences, a run knows whether it has
 * promoted the candidate.
 *
 * @param fences the marks that this run has written, or will write in its next step
 * @param promoted names of the members that this run has promoted, or tried to
 */
public record OwnPromotions(Set<FenceMark> fences, Set<String> promoted) {

    static final OwnPromotions NONE = new OwnPromotions(Set.of(), Set.of());

    boolean canHavePromoted(FenceMark fence) {
        return !fence.isRestore()
                && !fence.to().isEmpty()
                && (!fences.contains(fence) || promoted.contains(fence.to()));
    }
}
