package dev.holdfast.postgres.backup;

import dev.holdfast.backup.BackupInventory.RecoveryWindow;
import dev.holdfast.backup.RecoveryTarget;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.backup.RecoveryTargetResolver.Answered;
import dev.holdfast.postgres.value.Lsn;
import dev.holdfast.postgres.value.WalSegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The timelines that an archive holds, and on which of them a moment is brought back; pure.
 *
 * <p>After a restore in place the log of before stays in the archive: two timelines then hold what follows the moment that was
 * brought back, each its own data. Such a moment is asked for by its timeline, and never guessed.
 *
 * @param current the timeline that the servers are on, and those it came from
 * @param left timelines, or ends of timelines, that the servers have left and that hold commits of their own
 */
public record ArchiveTimelines(String cluster, Branch current, List<Branch> left) {

    /**
     * One timeline with those it came from.
     *
     * @param state the archive, as if this timeline were the newest
     * @param windows what can be reached on it
     * @param last where the last commit is that is archived
     * @param parting where it parts from the current one
     * @param differs the time of the first commit behind that place, on this timeline or on the current one: before it both hold
     *     the same
     */
    record Branch(
            int timeline,
            BackupState state,
            List<RecoveryWindow> windows,
            Optional<Lsn> last,
            Lsn parting,
            Instant differs) {}

    /** What is shown: all of the current timeline, and of each other one what only it holds. */
    List<RecoveryWindow> windows() {
        return Stream.concat(
                        current.windows().stream()
                                .map(w -> new RecoveryWindow(
                                        w.from(), w.to(), w.bounds(), Optional.of(current.timeline()), false)),
                        left.stream()
                                .flatMap(b -> b.windows().stream()
                                        .filter(w -> !w.to().isBefore(b.differs()))
                                        .map(w -> new RecoveryWindow(
                                                w.from().isBefore(b.differs()) ? b.differs() : w.from(),
                                                w.to(),
                                                w.bounds() + ", left at " + b.parting(),
                                                Optional.of(b.timeline()),
                                                true))))
                .toList();
    }

    private Stream<Branch> all() {
        return Stream.concat(Stream.of(current), left.stream());
    }

    /** @param found what was found in the archive of a name or a transaction, on any timeline */
    public Answered answer(RecoveryTarget moment, Optional<Integer> timeline, List<String[]> found) {
        if (timeline.isPresent()) {
            return all().filter(b -> b.timeline() == timeline.get())
                    .findFirst()
                    .map(b -> on(b, moment, found))
                    .orElseGet(() -> unknown(timeline.get()));
        }
        Answered answered = on(current, moment, found);
        if (moment instanceof RecoveryTarget.Latest) {
            return answered;
        }
        List<Branch> others = left.stream()
                .filter(b -> on(b, moment, found).goal().isPresent())
                .filter(b -> answered.goal().isEmpty() || isAnother(b, moment, found))
                .toList();
        if (others.isEmpty()) {
            return answered;
        }
        if (answered.goal().isEmpty() && others.size() == 1) {
            return on(others.get(0), moment, found);
        }
        List<Branch> holders = Stream.concat(
                        answered.goal().isPresent() ? Stream.of(current) : Stream.empty(), others.stream())
                .toList();
        return refused(
                moment.shown() + " lies on several timelines, and each holds other data: "
                        + holders.stream().map(this::description).collect(Collectors.joining("; "))
                        + ". Nothing was changed",
                holders.stream().map(b -> "--timeline " + b.timeline()).collect(Collectors.joining(" or "))
                        + "; holdfast backup list " + cluster + " shows what each holds");
    }

    private String description(Branch branch) {
        return branch == current
                ? "timeline " + branch.timeline() + " is the one that the servers are on"
                : "timeline " + branch.timeline() + " was left at " + branch.parting()
                        + ", and its first commit behind that is of " + branch.differs();
    }

    private Answered unknown(int timeline) {
        String known = all().map(Branch::timeline).sorted().map(String::valueOf).collect(Collectors.joining(", "));
        return refused(
                "no timeline " + timeline + " with commits of its own is in the archive",
                "--timeline may be " + known + "; holdfast backup list " + cluster + " shows what each holds");
    }

    private Answered refused(String what, String hint) {
        return new Answered(Optional.empty(), Optional.of(new Refusal(cluster, what, hint, ExitCode.REFUSED)));
    }

    private Answered on(Branch branch, RecoveryTarget moment, List<String[]> found) {
        Answered answered = reachable(branch, found).answer(moment);
        return branch == current
                ? answered
                : new Answered(answered.goal().map(g -> g.on(branch.timeline())), answered.refusal());
    }

    private RecoveryTargetResolver reachable(Branch branch, List<String[]> found) {
        return new RecoveryTargetResolver(cluster, branch.state(), branch.windows(), branch.last(), on(branch, found));
    }

    /** What was found in the segments that a recovery on this timeline reads. */
    private static List<String[]> on(Branch branch, List<String[]> found) {
        WalArchiveTimeline lineage = branch.state().shelf().lineage();
        return found.stream()
                .filter(f -> f.length > 2
                        && WalSegment.isName(f[1])
                        && lineage.name(WalSegment.number(f[1])).equals(f[1]))
                .toList();
    }

    /** Whether the moment there is another one than on the current timeline. */
    private boolean isAnother(Branch branch, RecoveryTarget moment, List<String[]> found) {
        if (moment instanceof RecoveryTarget.Time time) {
            return !time.instant().isBefore(branch.differs());
        }
        if (moment instanceof RecoveryTarget.Lsn lsn) {
            return Lsn.at(lsn.lsn()).isPast(branch.parting());
        }
        Optional<Lsn> here = reachable(branch, found).place();
        Optional<Lsn> there = reachable(current, found).place();
        return here.isPresent() && (here.get().isPast(branch.parting()) || !here.equals(there));
    }

    /** Segments that are to be searched: of each timeline those that only it has. */
    public List<String> segments() {
        List<String> names = new ArrayList<>();
        all().forEach(b -> {
            WalArchiveTimeline lineage = b.state().shelf().lineage();
            b.state().stretches().forEach(s -> {
                for (long n = s.first().first(); n <= s.last(); n++) {
                    if (!names.contains(lineage.name(n))) {
                        names.add(lineage.name(n));
                    }
                }
            });
        });
        return names;
    }
}
