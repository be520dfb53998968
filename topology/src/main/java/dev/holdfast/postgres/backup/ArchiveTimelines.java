package dev.holdfast.postgres.backup;

import dev.holdfast.backup.BackupInventory.RecoveryWindow;
import dev.holdfast.backup.RecoveryTarget;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.backup.RecoveryTargetResolver.Answered;
import dev.holdfast.postgres.value.Lsn;
import dev.holdfast.postgres.value.WalSegmentSize;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The timelines in an archive, and the choice of the timeline for a recovery target; pure.
 *
 * <p>After an in-place restore, the earlier WAL stays in the archive. Two timelines then continue after the recovery target,
 * each with its own data. The operator names the timeline of such a target; Holdfast never guesses it.
 *
 * @param current the timeline of the servers, with its ancestors
 * @param left timelines, or last parts of timelines, that the servers have left and that hold commits of their own
 */
public record ArchiveTimelines(String cluster, Branch current, List<Branch> left) {

    /**
     * One timeline with its ancestors.
     *
     * @param state the archive, as if this timeline were the newest
     * @param windows its recovery windows
     * @param last position of the last archived commit
     * @param divergence position of the fork from the current timeline
     * @param differs time of the first commit after the fork, on this timeline or on the current one: before it, both hold the
     *     same data
     */
    record Branch(
            int timeline,
            BackupState state,
            List<RecoveryWindow> windows,
            Optional<Lsn> last,
            Lsn divergence,
            Instant differs) {}

    /** Returns the windows to show: all of the current timeline, and of each other timeline only its own part. */
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
                                                w.bounds() + ", left at " + b.divergence(),
                                                Optional.of(b.timeline()),
                                                true))))
                .toList();
    }

    private Stream<Branch> all() {
        return Stream.concat(Stream.of(current), left.stream());
    }

    /** @param found matches of a restore point name or transaction in the archive, on any timeline */
    public Answered answer(RecoveryTarget moment, Optional<Integer> timeline, List<RepositoryRecords.Match> found) {
        if (timeline.isPresent()) {
            return all().filter(b -> b.timeline() == timeline.get())
                    .findFirst()
                    .map(b -> named(b, moment, found))
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
                moment.shown() + " is on several timelines with different data: "
                        + holders.stream().map(this::description).collect(Collectors.joining("; "))
                        + ". Nothing was changed",
                holders.stream().map(b -> "--timeline " + b.timeline()).collect(Collectors.joining(" or "))
                        + "; holdfast backup list " + cluster + " shows what each one contains");
    }

    private String description(Branch branch) {
        return branch == current
                ? "timeline " + branch.timeline() + " is the timeline of the servers"
                : "timeline " + branch.timeline() + " was left at " + branch.divergence()
                        + ", and its first commit after that is of " + branch.differs();
    }

    /** The latest moment of a timeline without its first segment would be a moment of its parent. */
    private Answered named(Branch branch, RecoveryTarget moment, List<RepositoryRecords.Match> found) {
        Optional<String> missing = branch.state()
                .repository()
                .lineage()
                .missingFirst()
                .filter(m -> moment instanceof RecoveryTarget.Latest
                        && !branch.state().canArchive());
        return missing.map(m -> withoutFirst(branch.timeline(), m)).orElseGet(() -> on(branch, moment, found));
    }

    private Answered withoutFirst(int timeline, String segment) {
        return refused(
                "timeline " + timeline + " cannot be restored: its first segment, " + segment
                        + ", is not in the archive. Nothing was changed",
                "search pg_wal of every member for " + segment
                        + " and archive it; or give --to a time before the fork");
    }

    private Answered unknown(int timeline) {
        RepositoryState repository = current.state().repository();
        Optional<String> missing = Optional.of(timeline)
                .filter(repository.timelines()::contains)
                .flatMap(t -> repository.lineage(t).missingFirst());
        if (missing.isPresent()) {
            return withoutFirst(timeline, missing.get());
        }
        String known = all().map(Branch::timeline).sorted().map(String::valueOf).collect(Collectors.joining(", "));
        return refused(
                "the archive has no timeline " + timeline + " with commits of its own",
                "--timeline can be " + known + "; holdfast backup list " + cluster + " shows what each one contains");
    }

    private Answered refused(String what, String hint) {
        return new Answered(Optional.empty(), Optional.of(new Refusal(cluster, what, hint, ExitCode.REFUSED)));
    }

    private Answered on(Branch branch, RecoveryTarget moment, List<RepositoryRecords.Match> found) {
        Answered answered = reachable(branch, found).answer(moment);
        return branch == current
                ? answered
                : new Answered(answered.goal().map(g -> g.on(branch.timeline())), answered.refusal());
    }

    private RecoveryTargetResolver reachable(Branch branch, List<RepositoryRecords.Match> found) {
        return new RecoveryTargetResolver(cluster, branch.state(), branch.windows(), branch.last(), on(branch, found));
    }

    /** Returns the matches in segments that a recovery on this timeline reads. */
    private static List<RepositoryRecords.Match> on(Branch branch, List<RepositoryRecords.Match> found) {
        WalArchiveTimeline lineage = branch.state().repository().lineage();
        return found.stream()
                .filter(m -> WalSegmentSize.isName(m.segment()) && lineage.isRead(m.segment()))
                .toList();
    }

    /** Returns whether the target differs from the same target on the current timeline. */
    private boolean isAnother(Branch branch, RecoveryTarget moment, List<RepositoryRecords.Match> found) {
        if (moment instanceof RecoveryTarget.Time time) {
            return !time.instant().isBefore(branch.differs());
        }
        if (moment instanceof RecoveryTarget.Lsn lsn) {
            return Lsn.at(lsn.lsn()).isPast(branch.divergence());
        }
        Optional<Lsn> here = reachable(branch, found).place();
        Optional<Lsn> there = reachable(current, found).place();
        return here.isPresent() && (here.get().isPast(branch.divergence()) || !here.equals(there));
    }

    /** Returns the segments to search: of each timeline, those that only this timeline has. */
    public List<String> segments() {
        List<String> names = new ArrayList<>();
        all().forEach(b -> {
            WalArchiveTimeline lineage = b.state().repository().lineage();
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
