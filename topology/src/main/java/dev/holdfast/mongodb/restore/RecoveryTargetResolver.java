package dev.holdfast.mongodb.restore;

import dev.holdfast.backup.RecoveryTarget;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.mongodb.backup.MemberBackup;
import dev.holdfast.mongodb.backup.OplogChain;
import dev.holdfast.mongodb.backup.ReplicaSetInventory;
import dev.holdfast.mongodb.backup.ReplicaSetInventory.RecoveryRange;
import dev.holdfast.mongodb.backup.RepositoryState;
import dev.holdfast.mongodb.restore.ResolvedTarget.Pick;
import dev.holdfast.mongodb.topology.BackupRepository;
import dev.holdfast.mongodb.value.ClusterTime;
import dev.holdfast.mongodb.value.MongoDocument;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The search for the requested recovery target and for the backup and archive of each set.
 *
 * <p>A time includes all operations before its second, because clocks do not order operations within a second. A cluster
 * time includes its operation and all earlier ones.
 */
record RecoveryTargetResolver(ExecutionContext context, RepositoryState repositoryState, String source) {

    private static final Duration READ = Duration.ofMinutes(30);
    /** The seconds within which one command changes several sets. */
    private static final long TOGETHER = 60;

    ResolvedTarget find(RecoveryTarget moment) {
        if (!repositoryState.trouble().isEmpty()) {
            return ResolvedTarget.none(
                    repositoryState.trouble(),
                    "is the repository " + repositoryState.repository().path() + " mounted here?");
        }
        if (moment instanceof RecoveryTarget.Time time) {
            return at(new ClusterTime(time.instant().getEpochSecond(), 0), List.of());
        }
        if (moment instanceof RecoveryTarget.ClusterTime time) {
            return at(new ClusterTime(time.seconds(), time.increment()), List.of());
        }
        if (moment instanceof RecoveryTarget.Latest) {
            List<RecoveryRange> all = repositoryState.stretches();
            return at(all.isEmpty() ? ClusterTime.NONE : all.get(all.size() - 1).to(), List.of());
        }
        if (moment instanceof RecoveryTarget.BeforeOperation before) {
            return before(before.operation());
        }
        return ResolvedTarget.none(
                moment.shown() + " is no recovery target for MongoDB",
                "use a time with its zone, a cluster time SECONDS:INCREMENT, or --before-op");
    }

    private ResolvedTarget at(ClusterTime moment, List<String> because) {
        if (repositoryState.stretches().isEmpty()) {
            return ResolvedTarget.none(
                    "the repository has no recovery window yet", "holdfast backup list reports what is missing");
        }
        if (!repositoryState.reaches(moment)) {
            return ResolvedTarget.none(unreachable(moment), nearest(moment));
        }
        Map<String, Pick> picks = new LinkedHashMap<>();
        for (ReplicaSetInventory inventory : repositoryState.inventories()) {
            MemberBackup copy = inventory.copyFor(moment).orElseThrow();
            OplogChain chain = inventory.chain(copy.top()).orElseThrow();
            ActionResult answer =
                    search(inventory.set(), chain.beginOfSliceWith(moment).before(), moment, "");
            ClusterTime last = ClusterTime.of(MongoDocument.of(answer.row()).text("last"));
            if (!answer.isOk()) {
                return ResolvedTarget.none(
                        "the archive of " + inventory.set() + " cannot be read: " + answer.text(),
                        "holdfast backup verify reports damaged files");
            }
            picks.put(inventory.set(), new Pick(copy, ClusterTime.max(last, copy.top())));
        }
        return new ResolvedTarget(moment, moment + " of " + source, picks, because, "", "");
    }

    private String unreachable(ClusterTime moment) {
        Instant now = context.now();
        if (moment.instant().isAfter(now)) {
            return moment.instant() + " is in the future: the time now is " + now;
        }
        List<RecoveryRange> all = repositoryState.stretches();
        if (moment.compareTo(all.get(0).from()) < 0) {
            return shown(moment) + " is before the first recovery window";
        }
        if (moment.compareTo(all.get(all.size() - 1).to()) > 0) {
            return shown(moment)
                    + (isArchived(moment)
                            ? " is after a gap of the archive"
                            : " is not archived yet, or the cluster has no later write");
        }
        return shown(moment) + " is in a gap of the archive";
    }

    /** Returns whether the archive of every set extends past it, even if it cannot be reached. */
    private boolean isArchived(ClusterTime moment) {
        return repositoryState.inventories().stream()
                .allMatch(s -> s.archived()
                        .filter(a -> a.stamp().compareTo(moment) >= 0)
                        .isPresent());
    }

    private static String shown(ClusterTime moment) {
        return moment.instant() + " (cluster time " + moment + ")";
    }

    private String nearest(ClusterTime moment) {
        Optional<ClusterTime> before = repositoryState.stretches().stream()
                .map(RecoveryRange::to)
                .filter(t -> t.compareTo(moment) < 0)
                .max(Comparator.naturalOrder());
        Optional<ClusterTime> after = repositoryState.stretches().stream()
                .map(RecoveryRange::from)
                .filter(t -> t.compareTo(moment) > 0)
                .min(Comparator.naturalOrder());
        return "nearest: "
                + List.of(before, after).stream()
                        .flatMap(Optional::stream)
                        .map(t -> "--to " + t + " (" + t.instant() + ")")
                        .collect(Collectors.joining(" or "));
    }

    private ActionResult search(String set, ClusterTime after, ClusterTime through, String find) {
        Script script = Script.of("mongodb/oplog-search.json")
                .with("after", after.json())
                .with("through", through.json())
                .with("find", find);
        return context.ask(new Action.SearchOplogArchive(
                BackupRepository.HERE, repositoryState.repository().oplog(set), script, READ));
    }

    /** An operation found in a set's archive: a drop, the start of a drop, or the first of many deletes. */
    private record Hit(String set, ClusterTime at, String wall, String what, long count) {}

    private ResolvedTarget before(String operation) {
        if (!operation.matches("(drop|deleteMany) [^.\\s]+\\.\\S+|dropDatabase \\S+")) {
            return ResolvedTarget.none(
                    operation + " is not a supported operation",
                    "use 'drop DATABASE.COLLECTION', 'dropDatabase DATABASE' or 'deleteMany DATABASE.COLLECTION'");
        }
        List<Hit> hits = new ArrayList<>();
        ClusterTime end = new ClusterTime(ClusterTime.GREATEST, 0);
        for (ReplicaSetInventory inventory : repositoryState.inventories()) {
            ActionResult answer = search(inventory.set(), ClusterTime.NONE, end, operation);
            if (!answer.isOk()) {
                return ResolvedTarget.none(
                        "the archive of " + inventory.set() + " cannot be read: " + answer.text(),
                        "holdfast backup verify reports damaged files");
            }
            MongoDocument.of(answer.row())
                    .docs("hits")
                    .forEach(h -> hits.add(new Hit(
                            inventory.set(),
                            ClusterTime.of(h.text("at")),
                            h.text("wall"),
                            h.text("what"),
                            h.number("count"))));
        }
        hits.sort(Comparator.comparing(Hit::at));
        if (hits.isEmpty()) {
            return ResolvedTarget.none(
                    "the archive contains no operation " + operation,
                    "names are case-sensitive; holdfast backup list shows the end of the archive");
        }
        Hit first = operation.startsWith("deleteMany") ? greatest(hits) : beginOfLast(hits);
        ClusterTime moment = first.at().before();
        return at(moment, List.of(description(operation, first, hits), lost(moment)));
    }

    /** Returns the hit with the most deletes, from its first delete on any set. */
    private static Hit greatest(List<Hit> hits) {
        Hit most = hits.stream().max(Comparator.comparingLong(Hit::count)).orElseThrow();
        return hits.stream()
                .filter(h -> Math.abs(h.at().seconds() - most.at().seconds()) <= TOGETHER && h.count() > 1)
                .min(Comparator.comparing(Hit::at))
                .orElse(most);
    }

    /** Returns the start of the last such operation. */
    private static Hit beginOfLast(List<Hit> hits) {
        Hit begin = hits.get(hits.size() - 1);
        for (int i = hits.size() - 1; i >= 0; i--) {
            Hit hit = hits.get(i);
            if (begin.at().seconds() - hit.at().seconds() > TOGETHER) {
                break;
            }
            begin = hit;
            if (hit.what().equals("begin")) {
                break;
            }
        }
        return begin;
    }

    private static String description(String operation, Hit first, List<Hit> hits) {
        long deletes = hits.stream()
                .filter(h -> h.what().equals("deletes"))
                .filter(h -> Math.abs(h.at().seconds() - first.at().seconds()) <= TOGETHER)
                .mapToLong(Hit::count)
                .sum();
        return operation + " was found at " + first.wall() + " on " + first.set() + ", cluster time " + first.at()
                + (deletes > 0 ? ", " + deletes + " deletes" : "");
    }

    private String lost(ClusterTime moment) {
        long inserts = 0;
        long updates = 0;
        long deletes = 0;
        TreeSet<String> namespaces = new TreeSet<>();
        for (ReplicaSetInventory inventory : repositoryState.inventories()) {
            MongoDocument row =
                    MongoDocument.of(search(inventory.set(), moment, new ClusterTime(ClusterTime.GREATEST, 0), "")
                            .row());
            inserts += row.number("inserts");
            updates += row.number("updates");
            deletes += row.number("deletes");
            namespaces.addAll(row.texts("namespaces"));
        }
        List<String> some =
                namespaces.stream().filter(n -> !n.endsWith(".$cmd")).limit(8).toList();
        return "later writes that are not restored: " + inserts + " inserts, " + updates + " updates, " + deletes
                + " deletes in " + some;
    }
}
