package dev.holdfast.postgres.probe;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.ReplicationGap;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.value.Lsn;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Compares the WAL of a lost primary with that of the standbys, on the primary's host; changes nothing.
 *
 * @param to the member to promote, if one is named: only this member needs proof
 */
record ReplicationGapProbe(Optional<String> to) {

    /** Compares the WAL of the lost primary, first with the standbys that the history of synchronous standbys names. */
    Map<String, ReplicationGap> gaps(ExecutionContext context, RoleChangeState state) {
        Optional<MemberState> lost = state.lost().filter(l -> !l.isOutOfReach() && l.hasDatabase());
        List<MemberState> asked = state.standbys().stream()
                .filter(s -> to.map(s.name()::equals).orElse(true))
                .toList();
        if (lost.isEmpty()) {
            return Map.of();
        }
        List<MemberState> recorded = asked.stream()
                .filter(s -> new SyncProof(state).byRecord(s).isEmpty())
                .toList();
        Map<String, ReplicationGap> gaps = gaps(context, lost.get(), recorded);
        RoleChangeState read = state.with(gaps, state.reachedBy());
        if (recorded.stream().noneMatch(new SyncProof(read)::isProven)) {
            List<MemberState> others =
                    asked.stream().filter(s -> !recorded.contains(s)).toList();
            gaps.putAll(gaps(context, lost.get(), others));
        }
        return gaps;
    }

    private Map<String, ReplicationGap> gaps(ExecutionContext context, MemberState lost, List<MemberState> standbys) {
        Map<String, ReplicationGap> gaps = new ConcurrentHashMap<>();
        context.sideBySide(standbys.stream()
                .<Supplier<Boolean>>map(s -> () -> gaps.put(s.name(), gap(context, lost, s)) == null)
                .toList());
        return gaps;
    }

    private ReplicationGap gap(ExecutionContext context, MemberState lost, MemberState standby) {
        Lsn from = standby.server().end();
        Script script = Script.of(ReplicationGap.OF_LOST.script())
                .with("directory", lost.node().directory())
                .with("binaries", lost.host().programs().getOrDefault(lost.major(), ""))
                .with("timeline", standby.timeline())
                .with("position", from.toString());
        return ReplicationGap.ofLost(
                ReplicationGap.OF_LOST.read(context.ask(
                        new Action.RunScript(lost.node().host(), script, Access.LOOK, RoleChangeQueries.READING_LOG))),
                from);
    }
}
