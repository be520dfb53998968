package dev.holdfast.mongodb.rolechange;

import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.mongodb.value.OpTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a forced failover gives up with one member.
 *
 * @param known its last operation as the survivors heard of it; NONE when they never did
 * @param written when its journal was last written, as its host says; empty when it does not
 * @param behind how far the survivor may be behind it, at most
 */
public record AbandonedMember(MemberStanding member, OpTime known, Optional<Instant> written, Duration behind) {

    /**
     * @param survivor has everything up to its own last operation
     * @param at when all this was seen
     */
    static AbandonedMember of(
            MemberStanding member, MemberStanding survivor, OpTime known, Optional<Instant> written, Instant at) {
        Instant has = Instant.ofEpochSecond(survivor.applied().seconds());
        // a journal is written within a second of the operation; a silent member may still be writing
        Instant last = member.state() == NodeAvailability.DOWN && written.isPresent()
                ? written.get().plusSeconds(1)
                : at;
        Instant latest = Stream.of(last, Instant.ofEpochSecond(known.seconds()))
                .max(Instant::compareTo)
                .get();
        Duration behind = Duration.between(has, latest);
        return new AbandonedMember(member, known, written, behind.isNegative() ? Duration.ZERO : behind);
    }

    /** The greatest of all bounds: nothing older than this is lost. */
    static Duration bound(List<AbandonedMember> all) {
        return all.stream()
                .map(AbandonedMember::behind)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    static String description(List<AbandonedMember> all) {
        return all.stream().map(AbandonedMember::toString).collect(Collectors.joining("; "));
    }

    @Override
    public String toString() {
        return member.name() + " ("
                + (member.isUp() ? member.role() : member.state() == NodeAvailability.DOWN ? "down" : "silent")
                + ", last heard of at " + known
                + written.map(w -> ", wrote until " + w).orElse("") + ")";
    }
}
