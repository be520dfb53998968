package dev.holdfast.mongodb;

import dev.holdfast.mongodb.MongoCluster.MongoSet;
import dev.holdfast.mongodb.Shelf.Archived;
import dev.holdfast.mongodb.Shelf.Stretch;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
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
 * What the repository has of a whole cluster.
 *
 * @param shelves one per replica set, the config servers first
 * @param bytes of all of it; -1 when unknown
 * @param proven when a restore out of it was last verified
 * @param balancerNoted a backup has stopped the balancer and not turned it on again
 * @param trouble why it could not be looked at; empty when it could
 */
record Stock(
        Repository repository,
        List<Shelf> shelves,
        long bytes,
        Optional<Instant> proven,
        boolean balancerNoted,
        String trouble) {

    private static final Duration LOOK = Duration.ofSeconds(60);

    static Stock look(World world, Repository repository, List<MongoSet> sets) {
        List<String> names = sets.stream().map(MongoSet::name).toList();
        Script script = Script.of("mongodb/vault-look.sh")
                .with("root", repository.root())
                .with("sets", names);
        Answer answer = world.ask(new Action.Exec(Repository.HERE, script, Intent.LOOK, LOOK));
        List<String[]> lines = answer.isOk()
                ? answer.text().lines().map(l -> l.split("\t", -1)).toList()
                : List.of();
        return new Stock(
                repository,
                names.stream().map(n -> shelf(n, lines)).toList(),
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

    private static Shelf shelf(String set, List<String[]> lines) {
        Optional<Archived> archived = of(lines, "state", set)
                .filter(l -> l.length > 3)
                .map(l -> new Archived(Stamp.of(l[2]), Instant.ofEpochMilli(Long.parseLong(l[3]))))
                .findFirst();
        Stamp last = archived.map(Archived::stamp).orElse(Stamp.NONE);
        List<OplogSlice> slices = of(lines, "slice", set)
                .map(l -> OplogSlice.of(l[2], Long.parseLong(l[3]), last))
                .flatMap(Optional::stream)
                .toList();
        List<String> gaps = of(lines, "slice", set)
                .map(l -> l[2])
                .filter(f -> f.startsWith("gap-"))
                .toList();
        return new Shelf(
                set,
                copies(set, lines),
                Chain.of(slices),
                archived,
                gaps,
                of(lines, "part", set).map(l -> l[2]).toList());
    }

    private static List<MemberCopy> copies(String set, List<String[]> lines) {
        Map<String, List<List<String>>> facts = new LinkedHashMap<>();
        of(lines, "copy", set)
                .forEach(l -> facts.computeIfAbsent(l[2], k -> new ArrayList<>())
                        .add(List.of(l).subList(3, l.length)));
        List<MemberCopy> copies = new ArrayList<>();
        facts.forEach((label, told) -> {
            Optional<Long> found = of(lines, "found", set)
                    .filter(l -> l[2].equals(label) && l[3].matches("\\d+"))
                    .map(l -> Long.parseLong(l[3]))
                    .findFirst();
            copies.add(MemberCopy.of(set, label, told, found));
        });
        copies.sort(Comparator.comparing(MemberCopy::top));
        return copies;
    }

    Shelf shelf(String set) {
        return shelves.stream().filter(s -> s.set().equals(set)).findFirst().orElseThrow();
    }

    /** The labels of runs that have copied every set, oldest first. */
    List<String> labels() {
        Set<String> labels = new TreeSet<>();
        shelves.forEach(s -> s.copies().forEach(c -> labels.add(c.label())));
        labels.removeIf(l -> !isWhole(l));
        return List.copyOf(labels);
    }

    boolean isWhole(String label) {
        return shelves.stream()
                .allMatch(s -> s.copy(label).filter(MemberCopy::isWhole).isPresent());
    }

    /** What every set can be brought back to, oldest first. */
    List<Stretch> stretches() {
        List<Stretch> common = shelves.isEmpty() ? List.of() : shelves.get(0).stretches();
        for (Shelf shelf : shelves) {
            List<Stretch> narrower = new ArrayList<>();
            for (Stretch one : common) {
                shelf.stretches().forEach(other -> one.with(other).ifPresent(narrower::add));
            }
            common = narrower.stream().distinct().toList();
        }
        return common;
    }

    boolean reaches(Stamp moment) {
        return stretches().stream().anyMatch(s -> s.holds(moment));
    }

    Stock without(Map<String, Set<String>> damaged) {
        return new Stock(
                repository,
                shelves.stream()
                        .map(s -> s.without(damaged.getOrDefault(s.set(), Set.of())))
                        .collect(Collectors.toList()),
                bytes,
                proven,
                balancerNoted,
                trouble);
    }
}
