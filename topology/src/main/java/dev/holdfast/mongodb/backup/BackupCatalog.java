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
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
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

/** The recovery windows of a cluster, with missing or stale backups and the backlog of the oplog archive. */
public final class BackupCatalog {

    private static final Duration READ_ALL = Duration.ofHours(12);

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

    public static BackupInventory inventory(ExecutionContext context, Topology topology, MongoCluster cluster) {
        BackupState state = BackupState.look(context, topology, cluster, BackupRepository.of(topology, cluster));
        return new BackupCatalog(context, cluster, state).inventory(state.repositoryState(), false);
    }

    public static BackupInventory verify(ExecutionContext context, Topology topology, MongoCluster cluster) {
        BackupState state = BackupState.look(context, topology, cluster, BackupRepository.of(topology, cluster));
        BackupCatalog catalog = new BackupCatalog(context, cluster, state);
        return catalog.inventory(state.repositoryState().without(catalog.damaged()), true);
    }

    public static List<Source> archived(ExecutionContext context, Topology topology, MongoCluster cluster) {
        BackupRepository repository = BackupRepository.of(topology, cluster);
        RepositoryState repositoryState = RepositoryState.look(context, repository, cluster.allSets());
        List<Source> sources = new ArrayList<>();
        for (MongoSet set : cluster.allSets()) {
            List<MemberBackup> copies = repositoryState.inventory(set.name()).copies();
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
        BackupRepository repository = state.repositoryState().repository();
        Script script = Script.of(DamagedBackupFile.OF_REPOSITORY.script())
                .with("root", repository.root())
                .with("sets", cluster.allSets().stream().map(MongoSet::name).toList());
        ScriptAnswer answer = DamagedBackupFile.OF_REPOSITORY.read(
                context.ask(new Action.RunScript(BackupRepository.HERE, script, Access.LOOK, READ_ALL)));
        Map<String, Set<String>> damaged = new LinkedHashMap<>();
        if (!answer.isOk()) {
            findings.add(new Finding(repository.root(), "some files cannot be read: " + answer.sentence(), ""));
        }
        for (DamagedBackupFile found : answer.all(DamagedBackupFile.class)) {
            boolean slice = found.piece().endsWith(".bson.gz");
            findings.add(new Finding(
                    slice
                            ? repository.oplog(found.set()) + "/" + found.piece()
                            : repository.copy(found.set(), found.piece()),
                    found.reason(),
                    slice
                            ? "later recovery targets need a later backup: holdfast backup run " + cluster.name()
                            : "make another backup: holdfast backup run " + cluster.name() + " --kind full"));
            damaged.computeIfAbsent(found.set(), k -> new TreeSet<>()).add(found.piece());
        }
        return damaged;
    }

    private BackupInventory inventory(RepositoryState repositoryState, boolean thorough) {
        if (!repositoryState.trouble().isEmpty()) {
            findings.add(new Finding(
                    repositoryState.repository().root(), repositoryState.trouble(), "is the repository mounted here?"));
        }
        repositoryState.inventories().forEach(s -> judge(s, thorough));
        judgeArchiver(repositoryState);
        judgeNewest(repositoryState);
        return new BackupInventory(
                cluster.name(),
                repositoryState.repository().path(),
                copies(repositoryState),
                repositoryState.stretches().stream()
                        .filter(s -> s.to().seconds() > s.from().seconds())
                        .map(BackupCatalog::window)
                        .toList(),
                waiting(repositoryState),
                repositoryState.bytes(),
                repositoryState.proven(),
                findings,
                notes);
    }

    /** Returns the range in whole seconds: from the first that begins after the start to the second of the end. */
    private static RecoveryWindow window(RecoveryRange range) {
        return new RecoveryWindow(
                range.from().instant().plusSeconds(1),
                range.to().instant(),
                "cluster time " + range.from() + " to " + range.to());
    }

    private void judge(ReplicaSetInventory inventory, boolean thorough) {
        String where = cluster.name() + "/" + inventory.set();
        for (MemberBackup copy : inventory.copies()) {
            if (!copy.isWhole()) {
                findings.add(new Finding(
                        state.repositoryState().repository().copy(inventory.set(), copy.label()),
                        copy.found() < 0
                                ? copy.archive() + " is missing"
                                : copy.archive() + " has " + copy.found() + " bytes, its manifest declares "
                                        + copy.bytes(),
                        "make another backup: holdfast backup run " + cluster.name() + " --kind full"));
            }
        }
        for (int i = 1; i < inventory.chains().size(); i++) {
            OplogChain before = inventory.chains().get(i - 1);
            OplogChain behind = inventory.chains().get(i);
            String gap = "the archive has a gap from " + before.last() + " to " + behind.first();
            boolean healed = inventory.copies().stream()
                    .anyMatch(c -> c.isWhole() && c.top().compareTo(behind.first()) >= 0);
            if (!healed || thorough && !inventory.isNoted(before, behind)) {
                findings.add(new Finding(
                        where,
                        gap,
                        healed
                                ? "recovery targets in the gap are lost; later ones are reached from a later backup"
                                : "no recovery target after the gap can be reached: holdfast backup run "
                                        + cluster.name() + " --kind full"));
            } else {
                notes.add(where + ": " + gap);
            }
        }
    }

    private void judgeArchiver(RepositoryState repositoryState) {
        for (ReplicaSetInventory inventory : repositoryState.inventories()) {
            String where = cluster.name() + "/" + inventory.set();
            String hint = "start the archiver: holdfast backup archive; or install the systemd unit that holdfast "
                    + "backup archive --unit prints";
            Optional<Archived> archived = inventory.archived();
            if (archived.isEmpty()) {
                findings.add(new Finding(where, "the oplog has never been archived", hint));
            } else if (!inventory.isArchivedAt(state.at())) {
                findings.add(new Finding(
                        where,
                        "the archiver has not reported since " + archived.get().when() + "; the archive ends at "
                                + archived.get().stamp(),
                        hint));
            }
        }
    }

    private void judgeNewest(RepositoryState repositoryState) {
        List<String> labels = repositoryState.labels();
        if (labels.isEmpty()) {
            findings.add(new Finding(
                    cluster.name(),
                    "no backup contains all replica sets of the cluster",
                    "holdfast backup run " + cluster.name()));
            return;
        }
        String newest = labels.get(labels.size() - 1);
        List<String> stale = state.stale(newest);
        if (!stale.isEmpty()) {
            findings.add(new Finding(
                    cluster.name() + " backup " + newest,
                    "the backup is stale: " + String.join("; ", stale),
                    "make a new backup: holdfast backup run " + cluster.name() + " --kind full"));
        }
        for (ReplicaSetInventory inventory : repositoryState.inventories()) {
            MemberBackup copy = inventory.copy(newest).orElseThrow();
            if (inventory.archived().isPresent() && inventory.chain(copy.top()).isEmpty()) {
                findings.add(new Finding(
                        cluster.name() + "/" + inventory.set(),
                        "the archive does not reach the newest backup, which ends at " + copy.top(),
                        "start the archiver, then make another backup: holdfast backup run " + cluster.name()
                                + " --kind full"));
            }
        }
        repositoryState.inventories().stream()
                .filter(s -> !s.parts().isEmpty())
                .forEach(s -> notes.add(cluster.name() + "/" + s.set() + ": a killed run has left " + s.parts()
                        + "; the next backup run removes it"));
    }

    private static List<Backup> copies(RepositoryState repositoryState) {
        List<Backup> all = new ArrayList<>();
        Map<String, List<MemberBackup>> byLabel = new TreeMap<>();
        repositoryState
                .inventories()
                .forEach(s -> s.copies()
                        .forEach(c -> byLabel.computeIfAbsent(c.label(), k -> new ArrayList<>())
                                .add(c)));
        byLabel.forEach((label, copies) -> {
            Map<String, Object> facts = new LinkedHashMap<>();
            copies.forEach(c -> facts.put(c.set(), c.top().toString()));
            all.add(new Backup(
                    label,
                    repositoryState.isWhole(label) ? "base" : "incomplete",
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

    /** Returns how much oplog is not archived yet; unknown if any set does not answer. */
    private Optional<ArchiveLag> waiting(RepositoryState repositoryState) {
        long bytes = 0;
        double seconds = 0;
        for (ReplicaSetState set : state.mongo().sets()) {
            Optional<Archived> archived = repositoryState.inventory(set.name()).archived();
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
