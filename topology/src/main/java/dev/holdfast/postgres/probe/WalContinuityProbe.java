package dev.holdfast.postgres.probe;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.TimelineHistory;
import dev.holdfast.postgres.value.Lsn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A probe of standbys that receive no WAL: whether the primary's WAL continues what a standby has replayed. Each WAL record names the
 * one before it. Two members that were promoted at the same place have the same timeline, so only their records differ. A standby that
 * replayed the other one from the archive waits without end.
 */
final class WalContinuityProbe {

    private static final Duration READING_LOG = Duration.ofSeconds(40);

    /** {@code postgres/wal-record.sh}. */
    private static final ScriptFormat RECORD = new ScriptFormat("postgres/wal-record.sh", WalRecord.class);

    private record WalRecord(String lsn, String prev) {}

    private WalContinuityProbe() {}

    /** Returns the state with the reason of each standby that the primary's WAL does not continue. */
    static PostgresState look(ExecutionContext context, PostgresState state) {
        Optional<MemberState> primary = state.primary();
        if (primary.isEmpty()) {
            return state;
        }
        List<MemberState> waiting =
                state.others().filter(m -> isInQuestion(state, m)).toList();
        if (waiting.isEmpty()) {
            return state;
        }
        List<Optional<String>> found = context.sideBySide(waiting.stream()
                .<Supplier<Optional<String>>>map(m -> () -> difference(context, primary.get(), m))
                .toList());
        Map<String, String> breaks = new TreeMap<>();
        for (int i = 0; i < waiting.size(); i++) {
            String name = waiting.get(i).name();
            found.get(i).ifPresent(why -> breaks.put(name, why));
        }
        return state.withBreaks(breaks);
    }

    private static boolean isInQuestion(PostgresState state, MemberState member) {
        return member.isStandby()
                && !state.follows(member)
                && !member.server().replayed().equals(Lsn.START)
                && state.diverged(member).isEmpty();
    }

    private static Optional<String> difference(ExecutionContext context, MemberState primary, MemberState standby) {
        Lsn end = standby.server().replayed();
        Optional<WalRecord> last = record(
                context, standby, "before", end, TimelineHistory.of(standby).ending(end));
        Optional<WalRecord> next = last.flatMap(l -> record(
                context, primary, "after", end, TimelineHistory.of(primary).from(end)));
        return next.filter(
                        n -> !Lsn.at(n.prev()).equals(Lsn.at(last.orElseThrow().lsn())))
                .map(n -> "the last WAL record that the member replayed is at "
                        + Lsn.at(last.orElseThrow().lsn()) + ", and the next record of " + primary.name()
                        + " follows one at " + Lsn.at(n.prev())
                        + ": the member replayed WAL of another server");
    }

    private static Optional<WalRecord> record(
            ExecutionContext context, MemberState member, String which, Lsn position, List<Integer> timelines) {
        Script script = Script.of(RECORD.script())
                .with("directory", member.node().directory())
                .with("binaries", member.host().programs().getOrDefault(member.major(), ""))
                .with("position", position.toString())
                .with("which", which)
                .with(
                        "timelines",
                        String.join(
                                "\n", timelines.stream().map(String::valueOf).toList()));
        ScriptAnswer answer =
                RECORD.read(context.ask(new Action.RunScript(member.node().host(), script, Access.LOOK, READING_LOG)));
        return answer.isOk() ? answer.first(WalRecord.class, r -> true) : Optional.empty();
    }
}
