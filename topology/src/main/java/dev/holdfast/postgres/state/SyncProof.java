package dev.holdfast.postgres.state;

import java.util.List;
import java.util.Optional;

/**
 * Whether a standby holds every acknowledged commit of the lost primary.
 *
 * <ol>
 *   <li>The newest record that any host holds says that commits waited for it, and the lost primary's own host holds the
 *       same line: nothing was released since that this record does not know.
 *   <li>The lost primary's files still say so, ALTER SYSTEM says nothing else, and no file that can change it was written
 *       after the record.
 *   <li>Of n names of which k were waited for, n - k + 1 answer now, and none of them holds more log than this one.
 *   <li>All commits that only the lost primary's WAL holds can have been waiting: {@link WaitingCommits}.
 *   <li>Or instead of all that: the lost primary's WAL holds no commit beyond this standby's.
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

    /** Why it is not proven; empty when it is. */
    public Optional<String> doubt(MemberState candidate) {
        ReplicationGap gap = state.gap(candidate);
        return gap.isNothing()
                ? Optional.empty()
                : byRecord(candidate)
                        .or(() -> new WaitingCommits(state.lost().orElseThrow().name(), candidate, gap).doubt());
    }

    /** Why the record does not say that it has everything, whatever the WAL holds; empty when it does. */
    public Optional<String> byRecord(MemberState candidate) {
        Optional<SyncHistoryEntry> newest = state.history();
        Optional<MemberState> lost = state.lost();
        if (newest.isEmpty()) {
            return Optional.of("no record tells who was in sync");
        }
        SyncHistoryEntry line = newest.get();
        if (!line.event().equals(SyncHistoryEntry.IN_SYNC)) {
            return Optional.of("since " + line.at() + " commits may have been acknowledged without a standby");
        }
        if (!line.inSync().contains(candidate.name())) {
            return Optional.of("the record of " + line.at() + " says that commits waited for " + line.names());
        }
        if (lost.isEmpty() || lost.get().isOutOfReach()) {
            return Optional.of("the host of the lost primary cannot be asked what it did last");
        }
        if (!lost.get().hasDatabase()) {
            return Optional.of("commits waited for " + line.names() + " by the record of " + line.at()
                    + ", and the data folder of " + lost.get().name()
                    + " is gone, so it is not known what it did last");
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
            return Optional.of("the record on " + lost.name() + " is not the newest one, of " + line.at() + " by "
                    + line.primary());
        }
        if (lost.disk().marks().containsKey("override")) {
            return Optional.of("ALTER SYSTEM had changed on " + lost.name() + " whom commits wait for");
        }
        if (lost.disk().marks().containsKey("changed")) {
            return Optional.of("on " + lost.name() + " "
                    + lost.disk().marks().get("changed") + " was written after the record of " + line.at()
                    + ", so commits may not have waited at all times");
        }
        if (!SynchronousStandbyNames.written(lost).equals(line.names())) {
            return Optional.of("commits on " + lost.name() + " were to wait for '"
                    + SynchronousStandbyNames.written(lost) + "' in the end, and the record says " + line.names());
        }
        return Optional.empty();
    }

    private Optional<String> amongThem(MemberState candidate, SyncHistoryEntry line) {
        List<MemberState> there = state.standbys().stream()
                .filter(s -> line.inSync().contains(s.name()))
                .toList();
        int needed = line.inSync().size() - SynchronousStandbyNames.count(line.names()) + 1;
        if (there.size() < needed) {
            return Optional.of("commits waited for " + line.names() + ": to know which of them has all, " + needed
                    + " must answer, and " + there.size() + " do");
        }
        return there.stream()
                .filter(s -> s.server().end().isPast(candidate.server().end()))
                .findFirst()
                .map(s -> s.name() + " holds more log: up to " + s.server().end() + ", and " + candidate.name()
                        + " up to " + candidate.server().end());
    }
}
