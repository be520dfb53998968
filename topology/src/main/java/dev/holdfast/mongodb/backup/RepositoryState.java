package dev.holdfast.mongodb.backup;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.mongodb.backup.ReplicaSetInventory.Archived;
import dev.holdfast.mongodb.backup.ReplicaSetInventory.RecoveryRange;
import dev.holdfast.mongodb.topology.BackupRepository;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.value.ClusterTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The repository's contents for a whole cluster.
 *
 * @param inventories one inventory per replica set, the config servers first
 * @param bytes the total size; -1 if unknown
 * @param proven the time of the last verified restore from it
 * @param balancerNoted whether a backup has stopped the balancer and not turned it on
 * @param trouble the reason why it could not be read; empty if it was read
 */
public record RepositoryState(
        BackupRepository repository,
        List<ReplicaSetInventory> inventories,
        long bytes,
        Optional<Instant> proven,
        boolean balancerNoted,
        String trouble) {

    /** {@code mongodb/repository-contents.sh}. */
    public static final ScriptFormat CONTENTS = new ScriptFormat(
            "mongodb/repository-contents.sh",
            Root.class,
            Slice.class,
            ArchivedUpTo.class,
            Manifest.class,
            Archive.class,
            Part.class,
            Proven.class,
            Balancer.class);

    private record Root(long kib) {}

    private record Slice(String set, String file, long bytes) {}

    private record ArchivedUpTo(String set, String last, long millis) {}

    private record Manifest(String set, String label, String name, String value, String detail) {}

    private record Archive(String set, String label, long bytes) {}

    private record Part(String set, String label) {}

    private record Proven(String at, String target) {}

    private record Balancer() {}

    private static final Duration LOOK = Duration.ofSeconds(60);

    public static RepositoryState look(ExecutionContext context, BackupRepository repository, List<MongoSet> sets) {
        List<String> names = sets.stream().map(MongoSet::name).toList();
        Script script =
                Script.of(CONTENTS.script()).with("root", repository.root()).with("sets", names);
        ScriptAnswer answer =
                CONTENTS.read(context.ask(new Action.RunScript(BackupRepository.HERE, script, Access.LOOK, LOOK)));
        return new RepositoryState(
                repository,
                names.stream().map(n -> inventory(n, answer)).toList(),
                answer.all(Root.class).stream()
                        .findFirst()
                        .map(r -> r.kib() * 1024)
                        .orElse(answer.isOk() ? 0L : -1L),
                answer.all(Proven.class).stream().findFirst().map(p -> Instant.parse(p.at())),
                !answer.all(Balancer.class).isEmpty(),
                answer.isOk() ? "" : answer.sentence());
    }

    private static ReplicaSetInventory inventory(String set, ScriptAnswer answer) {
        Optional<Archived> archived = answer.first(
                        ArchivedUpTo.class, a -> a.set().equals(set))
                .map(a -> new Archived(ClusterTime.of(a.last()), Instant.ofEpochMilli(a.millis())));
        ClusterTime last = archived.map(Archived::stamp).orElse(ClusterTime.NONE);
        List<Slice> files = answer.all(Slice.class, s -> s.set().equals(set));
        List<OplogSlice> slices = files.stream()
                .map(s -> OplogSlice.of(s.file(), s.bytes(), last))
                .flatMap(Optional::stream)
                .toList();
        return new ReplicaSetInventory(
                set,
                copies(set, answer),
                OplogChain.of(slices),
                archived,
                files.stream()
                        .map(Slice::file)
                        .filter(f -> f.startsWith("gap-"))
                        .toList(),
                answer.all(Part.class, p -> p.set().equals(set)).stream()
                        .map(Part::label)
                        .toList());
    }

    private static List<MemberBackup> copies(String set, ScriptAnswer answer) {
        Map<String, List<List<String>>> facts = new LinkedHashMap<>();
        answer.all(Manifest.class, m -> m.set().equals(set))
                .forEach(m -> facts.computeIfAbsent(m.label(), k -> new ArrayList<>())
                        .add(List.of(m.name(), m.value(), m.detail())));
        List<MemberBackup> copies = new ArrayList<>();
        facts.forEach((label, description) -> copies.add(MemberBackup.of(
                set,
                label,
                description,
                answer.first(
                                Archive.class,
                                a -> a.set().equals(set) && a.label().equals(label))
                        .map(Archive::bytes))));
        copies.sort(Comparator.comparing(MemberBackup::top));
        return copies;
    }

    public ReplicaSetInventory inventory(String set) {
        return inventories.stream().filter(s -> s.set().equals(set)).findFirst().orElseThrow();
    }

    /** Returns the labels of runs with a backup of every set, oldest first. */
    List<String> labels() {
        Set<String> labels = new TreeSet<>();
        inventories.forEach(s -> s.copies().forEach(c -> labels.add(c.label())));
        labels.removeIf(l -> !isWhole(l));
        return List.copyOf(labels);
    }

    /** Returns the start time of the newest base backup that every set has; empty without one. */
    Optional<Instant> newest() {
        List<String> labels = labels();
        return labels.isEmpty()
                ? Optional.empty()
                : inventories.stream()
                        .map(i -> i.copy(labels.get(labels.size() - 1))
                                .orElseThrow()
                                .started())
                        .min(Instant::compareTo);
    }

    boolean isWhole(String label) {
        return inventories.stream()
                .allMatch(s -> s.copy(label).filter(MemberBackup::isWhole).isPresent());
    }

    /** Returns the recovery windows that all sets share, oldest first. */
    public List<RecoveryRange> stretches() {
        List<RecoveryRange> common =
                inventories.isEmpty() ? List.of() : inventories.get(0).stretches();
        for (ReplicaSetInventory inventory : inventories) {
            List<RecoveryRange> narrower = new ArrayList<>();
            for (RecoveryRange one : common) {
                inventory.stretches().forEach(other -> one.with(other).ifPresent(narrower::add));
            }
            common = narrower.stream().distinct().toList();
        }
        return common;
    }

    public boolean reaches(ClusterTime moment) {
        return stretches().stream().anyMatch(s -> s.holds(moment));
    }

    public RepositoryState without(Map<String, Set<String>> damaged) {
        return new RepositoryState(
                repository,
                inventories.stream()
                        .map(s -> s.without(damaged.getOrDefault(s.set(), Set.of())))
                        .collect(Collectors.toList()),
                bytes,
                proven,
                balancerNoted,
                trouble);
    }
}
