package dev.holdfast.postgres.probe;

import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.ReplicationGap;
import java.util.Locale;
import java.util.Optional;

/**
 * The check whether all commits that only the lost primary's WAL holds could have been waiting for the candidate.
 *
 * <p>A waiting commit is not acknowledged. Each session waits with at most one commit, and an attached standby receives a
 * commit within milliseconds. So the commits may have been acknowledged when one of these is observed:
 *
 * <ol>
 *   <li>The WAL cannot be read.
 *   <li>The candidate has received nothing since its start: the primary committed without it.
 *   <li>There are more such commits than sessions that can wait.
 *   <li>The primary continued to write for longer than {@link #LIMIT} after the first of them.
 *   <li>A role or database has a synchronous_commit that does not wait for a standby.
 * </ol>
 */
record WaitingCommits(String primary, MemberState candidate, ReplicationGap gap) {

    /**
     * Seconds; an attached standby has a commit within milliseconds, and on a machine under heavy load within a few seconds.
     */
    static final double LIMIT = 10;

    /** Returns why they may have been acknowledged; empty when all of them were waiting, or there is none. */
    Optional<String> doubt() {
        String name = candidate.name();
        if (gap.isNothing()) {
            return Optional.empty();
        }
        if (!gap.isKnown()) {
            return Optional.of("the WAL of " + primary + " cannot be read, so its last commits are unknown");
        }
        String beyond = gap.commits() + (gap.commits() == 1 ? " commit" : " commits") + " in the WAL of " + primary;
        if (!candidate.server().hasReceived()) {
            return Optional.of(beyond + " did not reach " + name + ", which has received nothing since its start");
        }
        if (gap.commits() > gap.waiters()) {
            return Optional.of(beyond + " did not reach " + name + ", and at most " + gap.waiters()
                    + " sessions can wait for " + name + " at the same time");
        }
        if (gap.lived() > LIMIT) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "%s did not reach %s. %s continued to write WAL for %.0f s after the first of these commits; the limit is %.0f s",
                    beyond,
                    name,
                    primary,
                    gap.lived(),
                    LIMIT));
        }
        if (!candidate.server().unsafeCommits().isEmpty()) {
            return Optional.of(beyond + " did not reach " + name + ", and not all sessions wait for that member: "
                    + candidate.server().unsafeCommits());
        }
        return Optional.empty();
    }
}
