package dev.holdfast.postgres.state;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.postgres.value.Lsn;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The primary's rows about its followers at two queries.
 *
 * @param primary the primary with the rows of the first query; empty when there is none
 * @param again the rows of the second query
 */
record FollowerRows(Optional<MemberState> primary, ActionResult again) {

    Map<String, String> first(MemberState member) {
        return primary.map(p -> p.server().follower(member.name())).orElse(Map.of());
    }

    boolean follows(MemberState member) {
        return List.of("streaming", "catchup").contains(first(member).getOrDefault("state", ""));
    }

    boolean isGone(MemberState member) {
        return !follows(member)
                && again.rows().stream()
                        .noneMatch(r -> member.name().equals(r.get("name")) && "streaming".equals(r.get("state")));
    }

    /**
     * Returns whether commits may wait for it. It streams at both queries over one connection, on the primary's timeline, and
     * has flushed the WAL that the primary had written at the first query.
     */
    boolean isReady(MemberState member) {
        return primary.isPresent() && isReady(primary.get(), member);
    }

    private boolean isReady(MemberState leader, MemberState member) {
        Map<String, String> row = first(member);
        return row.getOrDefault("state", "").equals("streaming")
                && member.isStandby()
                && member.server()
                        .receiver()
                        .getOrDefault("received_tli", "")
                        .equals(Integer.toString(leader.timeline()))
                && again.rows().stream()
                        .anyMatch(r -> member.name().equals(r.get("name"))
                                && row.get("pid").equals(String.valueOf(r.get("pid")))
                                && "streaming".equals(r.get("state"))
                                && !leader.server().end().isPast(Lsn.at(Objects.toString(r.get("flushed"), ""))));
    }

    /** Returns the end of the primary's WAL at the second query. */
    Lsn end() {
        return Lsn.at(Objects.toString(again.row().get("lsn"), ""));
    }
}
