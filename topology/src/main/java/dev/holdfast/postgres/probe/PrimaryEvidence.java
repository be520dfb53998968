package dev.holdfast.postgres.probe;

import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.ReplicationGap;
import dev.holdfast.postgres.state.RoleChangeState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Evidence about a primary that does not answer: which nodes still reach it, and its WAL beyond that of each standby.
 *
 * <p>Both queries run in parallel, and in parallel with a second query of the primary. A standby that answers only then is
 * queried afterwards.
 *
 * @param lost the primary that does not answer
 * @param standbys names of the compared standbys
 */
record PrimaryEvidence(String lost, Set<String> standbys, List<String> reachedBy, Map<String, ReplicationGap> gaps) {

    static final PrimaryEvidence NOTHING = new PrimaryEvidence("", Set.of(), List.of(), Map.of());

    /**
     * @param to the member to promote, if one is named: only this member needs proof
     * @param before evidence of an earlier query, which is not collected again
     */
    static PrimaryEvidence look(
            ExecutionContext context,
            RoleChangeQueries queries,
            Optional<String> to,
            RoleChangeState state,
            PrimaryEvidence before) {
        Optional<MemberState> lost = state.lost();
        if (lost.isEmpty()) {
            return NOTHING;
        }
        PrimaryEvidence known = before.lost.equals(lost.get().name()) ? before : NOTHING;
        if (known != NOTHING && known.standbys.equals(names(state))) {
            return known;
        }
        List<String> reachedBy = new ArrayList<>(known.reachedBy);
        Map<String, ReplicationGap> gaps = new HashMap<>();
        context.sideBySide(List.<Supplier<Boolean>>of(
                () -> reachedBy.addAll(new PrimaryReachability(queries)
                        .byOthers(context, state.now(), lost.get(), known.standbys, known != NOTHING)),
                () -> {
                    gaps.putAll(new ReplicationGapProbe(to).gaps(context, state));
                    return true;
                }));
        return new PrimaryEvidence(lost.get().name(), names(state), reachedBy, gaps);
    }

    private static Set<String> names(RoleChangeState state) {
        return state.standbys().stream().map(MemberState::name).collect(Collectors.toSet());
    }

    /** Returns the observed members with this evidence. */
    RoleChangeState with(RoleChangeState state) {
        List<String> reached = new ArrayList<>();
        state.lost().flatMap(PrimaryReachability::ownAnswer).ifPresent(reached::add);
        reached.addAll(reachedBy);
        return state.with(reached.isEmpty() ? gaps : Map.of(), reached);
    }
}
