package dev.holdfast.postgres.probe;

import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.ReplicationGap;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.state.SyncHistoryEntry;
import dev.holdfast.postgres.state.SynchronousStandbyNames;
import java.util.List;
import java.util.Optional;

/**
 * The proof that a standby holds every acknowledged commit of the lost primary.
 *
 * <ol>
 *   <li>The newest history line on any host says that commits waited for it, and the lost primary's own host holds the same
 *       line: no commit was released later.
 *   <li>The lost primary's files still say so, ALTER SYSTEM does not differ, and no file that can change the value is newer
 *       than the line.
 *   <li>Of n names of which commits waited for k, n - k + 1 answer now, and none of them holds more WAL than this one.
 *   <li>All commits that only the lost primary's WAL holds were possibly waiting: {@link WaitingCommits}.
 *   <li>Alternatively, without the other conditions: the lost primary's WAL holds no commit beyond this standby's WAL.
 *   <li>In any case: no other member stopped as primary that the clients may have used last, and no candidate of an
 *       interrupted role change can have been promoted unobserved.
 * </ol>
 */
public final class SyncProof {

    private final RoleChangeState state;

    public SyncProof(RoleChangeState state) {
        this.state = state;
    }

    public boolean isProven(MemberState candidate) {
        return doubt(candidate).isEmpty();
    }

    /** Returns why it is not proven; empty when it is. */
    public Optional<String> doubt(MemberState candidate) {
        Optional<String> uncompared = state.uncompared().stream()
                .findFirst()
                .map(m -> m.name()
                        + (m.isDown()
                                ? " was also primary when it stopped, on timeline " + m.timeline()
                                : " possibly runs as primary, because its process exists but does not answer")
                        + ", and no history shows which one the clients used last");
        Optional<String> unobserved = uncompared.or(() -> state.lost()
                .filter(l ->
                        state.unseenCandidate(l).filter(c -> c != candidate).isPresent())
                .flatMap(state::promotedUnseen));
        if (unobserved.isPresent()) {
            return unobserved;
        }
        ReplicationGap gap = state.gap(candidate);
        return gap.isNothing()
                ? Optional.empty()
                : byRecord(candidate)
                        .or(() -> new WaitingCommits(state.lost().orElseThrow().name(), candidate, gap).doubt());
    }

    /** Returns why the history does not prove that the standby is complete, independent of the WAL; empty when it does. */
    public Optional<String> byRecord(MemberState candidate) {
        Optional<SyncHistoryEntry> newest = state.history();
        Optional<MemberState> lost = state.lost();
        if (newest.isEmpty()) {
            return Optional.of("no history of synchronous standbys exists");
        }
        SyncHistoryEntry line = newest.get();
        if (!line.event().equals(SyncHistoryEntry.IN_SYNC)) {
            return Optional.of("since " + line.at() + " commits can have been acknowledged without a standby");
        }
        if (!line.inSync().contains(candidate.name())) {
            return Optional.of("according to the history of " + line.at() + ", commits waited for " + line.names());
        }
        if (lost.isEmpty() || lost.get().isOutOfReach()) {
            return Optional.of("the host of the lost primary does not report the last changes of its settings");
        }
        if (!lost.get().hasDatabase()) {
            return Optional.of("commits waited for " + line.names() + " according to the history of " + line.at()
                    + ", but the data directory of " + lost.get().name() + " is missing, so later events are unknown");
        }
        return onDisk(lost.get(), line).or(() -> amongThem(candidate, line));
    }

    private Optional<String> onDisk(MemberState lost, SyncHistoryEntry line) {
        if (!lost.name().equals(line.primary())
                || !lost.disk()
                        .history()
                        .map(SyncHistoryEntry::epoch)
                        .filter(e -> e == line.epoch())
                        .isPresent()) {
            return Optional.of("the history on " + lost.name() + " is not the newest one: " + line.primary()
                    + " wrote that at " + line.at());
        }
        if (lost.disk().marks().containsKey("override")) {
            return Optional.of("ALTER SYSTEM had changed the synchronous standbys on " + lost.name());
        }
        if (lost.disk().marks().containsKey("changed")) {
            return Optional.of("on " + lost.name() + " "
                    + lost.disk().marks().get("changed") + " is newer than the history of " + line.at()
                    + ", so commits possibly did not wait");
        }
        if (!lost.disk().synchronousNames().equals(line.names())) {
            return Optional.of("the last desired value of synchronous_standby_names on " + lost.name() + " is '"
                    + lost.disk().synchronousNames() + "', but the history names " + line.names());
        }
        return Optional.empty();
    }

    private Optional<String> amongThem(MemberState candidate, SyncHistoryEntry line) {
        List<MemberState> there = state.standbys().stream()
                .filter(s -> line.inSync().contains(s.name()))
                .toList();
        int needed = line.inSync().size() - SynchronousStandbyNames.count(line.names()) + 1;
        if (there.size() < needed) {
            return Optional.of("commits waited for " + line.names() + ": to compare them, " + needed + " must answer, "
                    + "and " + there.size() + (there.size() == 1 ? " answers" : " answer"));
        }
        return there.stream()
                .filter(s -> s.server().end().isPast(candidate.server().end()))
                .findFirst()
                .map(s -> s.name() + " has more WAL than " + candidate.name() + ": up to "
                        + s.server().end() + " instead of " + candidate.server().end());
    }
}
