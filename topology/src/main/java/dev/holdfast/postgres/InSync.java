package dev.holdfast.postgres;

import java.util.List;
import java.util.Optional;

/**
 * Whether a standby holds every acknowledged commit of the lost primary.
 *
 * <ol>
 *   <li>The newest record that any host holds says that commits waited for it, and the lost primary's own host holds the
 *       same line: nothing was released since that this record does not know.
 *   <li>The lost primary's files still say so, and ALTER SYSTEM says nothing else.
 *   <li>Of n names of which k were waited for, n - k + 1 answer now, and none of them holds more log than this one.
 *   <li>Or: the lost primary's log holds no commit beyond this standby's.
 * </ol>
 */
final class InSync {

    private final TakeoverSeen seen;

    InSync(TakeoverSeen seen) {
        this.seen = seen;
    }

    boolean isProven(MemberSeen candidate) {
        return doubt(candidate).isEmpty();
    }

    /** Why it is not proven; empty when it is. */
    Optional<String> doubt(MemberSeen candidate) {
        if (seen.gap(candidate).isNothing()) {
            return Optional.empty();
        }
        Optional<HistoryLine> newest = seen.history();
        Optional<MemberSeen> lost = seen.lost();
        if (newest.isEmpty()) {
            return Optional.of("no record tells who was in sync");
        }
        HistoryLine line = newest.get();
        if (!line.event().equals(HistoryLine.IN_SYNC)) {
            return Optional.of("since " + line.at() + " commits may have been acknowledged without a standby");
        }
        if (!line.inSync().contains(candidate.name())) {
            return Optional.of("the record of " + line.at() + " says that commits waited for " + line.names());
        }
        if (lost.isEmpty() || lost.get().isOutOfReach()) {
            return Optional.of("the host of the lost primary cannot be asked what it did last");
        }
        return onDisk(lost.get(), line).or(() -> amongThem(candidate, line));
    }

    private Optional<String> onDisk(MemberSeen lost, HistoryLine line) {
        if (!lost.name().equals(line.primary())
                || !lost.disk()
                        .history()
                        .map(HistoryLine::epoch)
                        .filter(e -> e == line.epoch())
                        .isPresent()) {
            return Optional.of("the record on " + lost.name() + " is not the newest one, of " + line.at() + " by "
                    + line.primary());
        }
        if (lost.disk().marks().containsKey("override")) {
            return Optional.of("ALTER SYSTEM had changed on " + lost.name() + " whom commits wait for");
        }
        if (!Commits.written(lost).equals(line.names())) {
            return Optional.of("commits on " + lost.name() + " were to wait for '" + Commits.written(lost)
                    + "' in the end, and the record says " + line.names());
        }
        return Optional.empty();
    }

    private Optional<String> amongThem(MemberSeen candidate, HistoryLine line) {
        List<MemberSeen> there = seen.standbys().stream()
                .filter(s -> line.inSync().contains(s.name()))
                .toList();
        int needed = line.inSync().size() - Commits.count(line.names()) + 1;
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
