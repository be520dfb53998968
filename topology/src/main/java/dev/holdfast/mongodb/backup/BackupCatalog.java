package dev.holdfast.mongodb.backup;

import dev.holdfast.backup.BackupInventory;
import dev.holdfast.backup.BackupInventory.ArchiveLag;
import dev.holdfast.backup.BackupInventory.Backup;
import dev.holdfast.backup.BackupInventory.Finding;
import dev.holdfast.backup.BackupInventory.RecoveryWindow;
import dev.holdfast.backup.OplogArchiver.Source;
import dev.holdfast.backup.RecoveryTarget;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.backup.ReplicaSetInventory.Archived;
import dev.holdfast.mongodb.backup.ReplicaSetInventory.RecoveryRange;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.topology.BackupRepository;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCredentials;
import dev.holdfast.mongodb.value.ClusterTime;
import dev.holdfast.mongodb.value.OpTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What can be brought back of a cluster, what is missing or stale, and what has to be archived. */
public final class BackupCatalog {

    private static final Duration READ_ALL = Duration.ofHours(12);
    /** An archiver tells how far it is every few seconds; one that does not is not there. */
    static final Duration SILENT = Duration.ofSeconds(30);

    private final ExecutionContext context;
    private final MongoCluster cluster;
    private final BackupState state;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private BackupCatalog(ExecutionContext context, MongoCluster cluster, BackupState state) {
        this.context = context;
        this.cluster = cluster;
        this.state = state;
    }

    public static BackupInventory holdings(ExecutionContext context, Topology topology, MongoCluster cluster) {
        BackupState state = BackupState.look(context, topology, cluster, BackupRepository.of(topology, cluster));
        return new BackupCatalog(context, cluster, state).inventory(state.stock(), false);
    }

    public static BackupInventory verify(ExecutionContext context, Topology topology, MongoCluster cluster) {
        BackupState state = BackupState.look(context, topology, cluster, BackupRepository.of(topology, cluster));
        BackupCatalog vault = new BackupCatalog(context, cluster, state);
        return vault.inventory(state.stock().without(vault.damaged()), true);
    }

    public static List<Source> archived(ExecutionContext context, Topology topology, MongoCluster cluster) {
        BackupRepository repository = BackupRepository.of(topology, cluster);
        RepositoryState stock = RepositoryState.look(context, repository, cluster.allSets());
        List<Source> sources = new ArrayList<>();
        for (MongoSet set : cluster.allSets()) {
            List<MemberBackup> copies = stock.shelf(set.name()).copies();
            Optional<RecoveryTarget.ClusterTime> from = copies.isEmpty()
                    ? Optional.empty()
                    : Optional.of(copies.get(copies.size() - 1).top())
                            .map(t -> new RecoveryTarget.ClusterTime(t.seconds(), t.increment()));
            sources.add(new Source(
                    cluster.name() + "/" + set.name(),
                    set.name(),
                    set.members().stream()
                            .filter(m -> !m.arbiter() && !m.hidden())
                            .map(MongoCluster.Member::node)
                            .toList(),
                    new MongoCredentials(cluster).admin(),
                    repository.oplog(set.name()),
                    from,
                    repository.slice()));
        }
        return sources;
    }

    private Map<String, Set<String>> damaged() {
        BackupRepository repository = state.stock().repository();
        Script script = Script.of("mongodb/vault-verify.sh")
                .with("root", repository.root())
                .with("sets", cluster.allSets().stream().map(MongoSet::name).toList());
        ActionResult answer = context.ask(new Action.RunScript(BackupRepository.HERE, script, Access.LOOK, READ_ALL));
        Map<String, Set<String>> damaged = new LinkedHashMap<>();
        if (!answer.isOk()) {
            findings.add(new Finding(repository.root(), "not every piece could be read: " + answer.sentence(), ""));
        }
        answer.text()
                .lines()
                .map(l -> l.split("\t", -1))
                .filter(l -> l[0].equals("bad"))
                .forEach(l -> {
                    boolean slice = l[2].endsWith(".bson.gz");
                    findings.add(new Finding(
                            slice ? repository.oplog(l[1]) + "/" + l[2] : repository.copy(l[1], l[2]),
                            l[3],
                            slice
                                    ? "moments behind it are reached only from a later copy: holdfast backup run "
                                            + cluster.name()
                                    : "make another: holdfast backup run " + cluster.name() + " --kind full"));
                    damaged.computeIfAbsent(l[1], k -> new TreeSet<>()).add(l[2]);
                });
        return damaged;
    }

    private BackupInventory inventory(RepositoryState stock, boolean thorough) {
        if (!stock.trouble().isEmpty()) {
            findings.add(new Finding(stock.repository().root(), stock.trouble(), "is the repository mounted here?"));
        }
        stock.shelves().forEach(s -> judge(s, thorough));
        judgeArchiver(stock);
        judgeNewest(stock);
        return new BackupInventory(
                cluster.name(),
                stock.repository().path(),
                copies(stock),
                stock.stretches().stream()
                        .filter(s -> s.to().seconds() > s.from().seconds())
                        .map(BackupCatalog::window)
                        .toList(),
                waiting(stock),
                stock.bytes(),
                stock.proven(),
                findings,
                notes);
    }

    /** Whole seconds, as a time is asked for: from the first that begins after the one moment to that of the other. */
    private static RecoveryWindow window(RecoveryRange stretch) {
        return new RecoveryWindow(
                stretch.from().instant().plusSeconds(1),
                stretch.to().instant(),
                "cluster time " + stretch.from() + " to " + stretch.to());
    }

    private void judge(ReplicaSetInventory shelf, boolean thorough) {
        String where = cluster.name() + "/" + shelf.set();
        for (MemberBackup copy : shelf.copies()) {
            if (!copy.isWhole()) {
                findings.add(new Finding(
                        state.stock().repository().copy(shelf.set(), copy.label()),
                        copy.found() < 0
                                ? copy.archive() + " is missing"
                                : copy.archive() + " has " + copy.found() + " bytes, its manifest says " + copy.bytes(),
                        "make another: holdfast backup run " + cluster.name() + " --kind full"));
            }
        }
        for (int i = 1; i < shelf.chains().size(); i++) {
            OplogChain before = shelf.chains().get(i - 1);
            OplogChain behind = shelf.chains().get(i);
            String gap = "the archive has a gap from " + before.last() + " to " + behind.first();
            boolean healed =
                    shelf.copies().stream().anyMatch(c -> c.isWhole() && c.top().compareTo(behind.first()) >= 0);
            if (!healed || thorough && !shelf.isNoted(before, behind)) {
                findings.add(new Finding(
                        where,
                        gap,
                        healed
                                ? "moments in it are lost; those behind it are reached from a later copy"
                                : "nothing behind it can be reached: holdfast backup run " + cluster.name()
                                        + " --kind full"));
            } else {
                notes.add(where + ": " + gap);
            }
        }
    }

    private void judgeArchiver(RepositoryState stock) {
        for (ReplicaSetInventory shelf : stock.shelves()) {
            String where = cluster.name() + "/" + shelf.set();
            String hint = "start it: holdfast backup archive, or install its unit: holdfast backup archive --unit";
            Optional<Archived> archived = shelf.archived();
            if (archived.isEmpty()) {
                findings.add(new Finding(where, "nothing was ever archived of it", hint));
            } else if (archived.get().when().plus(SILENT).isBefore(state.at())) {
                findings.add(new Finding(
                        where,
                        "the archiver is silent since " + archived.get().when() + "; the archive ends at "
                                + archived.get().stamp(),
                        hint));
            }
        }
    }

    private void judgeNewest(RepositoryState stock) {
        List<String> labels = stock.labels();
        if (labels.isEmpty()) {
            findings.add(new Finding(
                    cluster.name(), "there is no copy of all of its sets", "holdfast backup run " + cluster.name()));
            return;
        }
        String newest = labels.get(labels.size() - 1);
        List<String> stale = state.stale(newest);
        if (!stale.isEmpty()) {
            findings.add(new Finding(
                    cluster.name() + " copy " + newest,
                    "it is stale: " + String.join("; ", stale),
                    "make a new one: holdfast backup run " + cluster.name() + " --kind full"));
        }
        for (ReplicaSetInventory shelf : stock.shelves()) {
            MemberBackup copy = shelf.copy(newest).orElseThrow();
            if (shelf.archived().isPresent() && shelf.chain(copy.top()).isEmpty()) {
                findings.add(new Finding(
                        cluster.name() + "/" + shelf.set(),
                        "the archive does not reach the newest copy, which ends at " + copy.top(),
                        "let the archiver run, then make another copy: holdfast backup run " + cluster.name()
                                + " --kind full"));
            }
        }
        stock.shelves().stream()
                .filter(s -> !s.parts().isEmpty())
                .forEach(s -> notes.add(cluster.name() + "/" + s.set() + ": a killed run has left " + s.parts()
                        + "; the next backup run removes it"));
    }

    private static List<Backup> copies(RepositoryState stock) {
        List<Backup> all = new ArrayList<>();
        Map<String, List<MemberBackup>> byLabel = new TreeMap<>();
        stock.shelves()
                .forEach(s -> s.copies()
                        .forEach(c -> byLabel.computeIfAbsent(c.label(), k -> new ArrayList<>())
                                .add(c)));
        byLabel.forEach((label, copies) -> {
            Map<String, Object> facts = new LinkedHashMap<>();
            copies.forEach(c -> facts.put(c.set(), c.top().toString()));
            all.add(new Backup(
                    label,
                    stock.isWhole(label) ? "base" : "incomplete",
                    copies.stream()
                            .map(MemberBackup::started)
                            .min(Instant::compareTo)
                            .orElseThrow(),
                    copies.stream()
                            .map(MemberBackup::stopped)
                            .max(Instant::compareTo)
                            .orElseThrow(),
                    copies.stream().mapToLong(MemberBackup::bytes).sum(),
                    facts));
        });
        return all;
    }

    /** What the servers have and the archive has not; unknown as soon as one set does not tell. */
    private Optional<ArchiveLag> waiting(RepositoryState stock) {
        long bytes = 0;
        double seconds = 0;
        for (ReplicaSetState set : state.mongo().sets()) {
            Optional<Archived> archived = stock.shelf(set.name()).archived();
            Optional<NodeState> primary = set.primary().filter(p -> !p.login().isAnonymous());
            if (archived.isEmpty() || primary.isEmpty()) {
                return Optional.empty();
            }
            ClusterTime last = ClusterTime.of(
                    OpTime.of(primary.get().reply().hello().doc("lastWrite").doc("opTime")));
            ClusterTime stamp = archived.get().stamp();
            if (last.compareTo(stamp) > 0) {
                seconds = Math.max(seconds, last.seconds() - stamp.seconds());
                long behind = BackupState.bytesAfter(context, primary.get(), stamp);
                bytes = bytes < 0 || behind < 0 ? -1 : bytes + behind;
            }
        }
        return Optional.of(new ArchiveLag(bytes, seconds));
    }
}
