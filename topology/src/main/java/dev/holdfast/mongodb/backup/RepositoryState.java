package dev.holdfast.mongodb.backup;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
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
import java.util.stream.Stream;

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

    private static final Duration LOOK = Duration.ofSeconds(60);

    public static RepositoryState look(ExecutionContext context, BackupRepository repository, List<MongoSet> sets) {
        List<String> names = sets.stream().map(MongoSet::name).toList();
        Script script = Script.of("mongodb/repository-contents.sh")
                .with("root", repository.root())
                .with("sets", names);
        ActionResult answer = context.ask(new Action.RunScript(BackupRepository.HERE, script, Access.LOOK, LOOK));
        List<String[]> lines = answer.isOk()
                ? answer.text().lines().map(l -> l.split("\t", -1)).toList()
                : List.of();
        return new RepositoryState(
                repository,
                names.stream().map(n -> inventory(n, lines)).toList(),
                first(lines, "root").map(l -> Long.parseLong(l[1]) * 1024).orElse(answer.isOk() ? 0L : -1L),
                first(lines, "proven").map(l -> Instant.parse(l[1])),
                first(lines, "balancer").isPresent(),
                answer.isOk() ? "" : answer.sentence());
    }

    private static Optional<String[]> first(List<String[]> lines, String kind) {
        return lines.stream().filter(l -> l[0].equals(kind)).findFirst();
    }

    private static Stream<String[]> of(List<String[]> lines, String kind, String set) {
        return lines.stream().filter(l -> l[0].equals(kind) && l[1].equals(set));
    }

    private static ReplicaSetInventory inventory(String set, List<String[]> lines) {
        Optional<Archived> archived = of(lines, "state", set)
                .filter(l -> l.length > 3)
                .map(l -> new Archived(ClusterTime.of(l[2]), Instant.ofEpochMilli(Long.parseLong(l[3]))))
                .findFirst();
        ClusterTime last = archived.map(Archived::stamp).orElse(ClusterTime.NONE);
        List<OplogSlice> slices = of(lines, "slice", set)
                .map(l -> OplogSlice.of(l[2], Long.parseLong(l[3]), last))
                .flatMap(Optional::stream)
                .toList();
        List<String> gaps = of(lines, "slice", set)
                .map(l -> l[2])
                .filter(f -> f.startsWith("gap-"))
                .toList();
        return new ReplicaSetInventory(
                set,
                copies(set, lines),
                OplogChain.of(slices),
                archived,
                gaps,
                of(lines, "part", set).map(l -> l[2]).toList());
    }

    private static List<MemberBackup> copies(String set, List<String[]> lines) {
        Map<String, List<List<String>>> facts = new LinkedHashMap<>();
        of(lines, "copy", set)
                .forEach(l -> facts.computeIfAbsent(l[2], k -> new ArrayList<>())
                        .add(List.of(l).subList(3, l.length)));
        List<MemberBackup> copies = new ArrayList<>();
        facts.forEach((label, description) -> {
            Optional<Long> found = of(lines, "found", set)
                    .filter(l -> l[2].equals(label) && l[3].matches("\\d+"))
                    .map(l -> Long.parseLong(l[3]))
                    .findFirst();
            copies.add(MemberBackup.of(set, label, description, found));
        });
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
