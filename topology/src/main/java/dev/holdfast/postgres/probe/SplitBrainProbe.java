package dev.holdfast.postgres.probe;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ReplicationGap;
import dev.holdfast.postgres.state.SplitBrain;
import dev.holdfast.postgres.state.TimelineHistory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A probe of the WAL that each side of a possible split brain, or each of several members that stopped as primary, has and the others
 * lack; changes nothing.
 */
final class SplitBrainProbe {

    private static final Duration READING_LOG = Duration.ofSeconds(40);

    private SplitBrainProbe() {}

    /** Returns the state with the WAL of each possible side; queries nothing where there are fewer than two. */
    static PostgresState look(ExecutionContext context, PostgresState state) {
        SplitBrain split = state.splitBrain();
        List<MemberState> running = split.areOneCluster() ? split.possibleSides() : List.of();
        List<MemberState> sides = running.size() < 2 ? stopped(state) : running;
        if (sides.size() < 2) {
            return state;
        }
        List<ReplicationGap> logs = context.sideBySide(sides.stream()
                .<Supplier<ReplicationGap>>map(s -> () -> log(context, sides, s))
                .toList());
        Map<String, ReplicationGap> branches = new TreeMap<>();
        for (int i = 0; i < sides.size(); i++) {
            branches.put(sides.get(i).name(), logs.get(i));
        }
        return state.with(branches);
    }

    /** Returns the members whose WAL shows whether a stopped primary has commits that another one lacks. */
    private static List<MemberState> stopped(PostgresState state) {
        List<MemberState> were = state.members().stream()
                .filter(m -> m.wasPrimary() && m.isDown() && m.hasDatabase() && !state.isGivenUp(m))
                .toList();
        boolean isOneCluster =
                were.stream().map(MemberState::systemIdentifier).distinct().count() <= 1;
        return state.primaries().isEmpty() && isOneCluster ? were : List.of();
    }

    private static ReplicationGap log(ExecutionContext context, List<MemberState> sides, MemberState side) {
        TimelineHistory.Fork fork = SplitBrain.fork(sides, side);
        Script script = Script.of(ReplicationGap.OF_BRANCH.script())
                .with("directory", side.node().directory())
                .with("binaries", side.host().programs().getOrDefault(side.major(), ""))
                .with("pieces", TimelineHistory.lines(TimelineHistory.of(side).beyond(fork)));
        return ReplicationGap.ofBranch(
                ReplicationGap.OF_BRANCH.read(
                        context.ask(new Action.RunScript(side.node().host(), script, Access.LOOK, READING_LOG))),
                fork.at());
    }
}
