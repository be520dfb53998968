package dev.holdfast.mongodb;

import dev.holdfast.backup.Archivist.Source;
import dev.holdfast.backup.Holdings;
import dev.holdfast.backup.Holdings.Copy;
import dev.holdfast.backup.Holdings.Finding;
import dev.holdfast.backup.Holdings.Waiting;
import dev.holdfast.backup.Holdings.Window;
import dev.holdfast.backup.Moment;
import dev.holdfast.model.Topology;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What can be brought back of a cluster, what is missing or stale, and what has to be archived. */
final class MongoVault {

    private static final Duration READ_ALL = Duration.ofHours(12);
    /** An archiver tells how far it is every few seconds; one that does not is not there. */
    static final Duration SILENT = Duration.ofSeconds(30);

    private final World world;
    private final MongoCluster cluster;
    private final VaultSeen seen;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private MongoVault(World world, MongoCluster cluster, VaultSeen seen) {
        this.world = world;
        this.cluster = cluster;
        this.seen = seen;
    }

    static Holdings holdings(World world, Topology topology, MongoCluster cluster) {
        VaultSeen seen = VaultSeen.look(world, topology, cluster, Repository.of(topology, cluster));
        return new MongoVault(world, cluster, seen).told(seen.stock(), false);
    }

    static Holdings verify(World world, Topology topology, MongoCluster cluster) {
        VaultSeen seen = VaultSeen.look(world, topology, cluster, Repository.of(topology, cluster));
        MongoVault vault = new MongoVault(world, cluster, seen);
        return vault.told(seen.stock().without(vault.damaged()), true);
    }

    static List<Source> archived(World world, Topology topology, MongoCluster cluster) {
        Repository repository = Repository.of(topology, cluster);
        Stock stock = Stock.look(world, repository, cluster.allSets());
        List<Source> sources = new ArrayList<>();
        for (MongoSet set : cluster.allSets()) {
            List<MemberCopy> copies = stock.shelf(set.name()).copies();
            Optional<Moment.ClusterTime> from = copies.isEmpty()
                    ? Optional.empty()
                    : Optional.of(copies.get(copies.size() - 1).top())
                            .map(t -> new Moment.ClusterTime(t.seconds(), t.increment()));
            sources.add(new Source(
                    cluster.name() + "/" + set.name(),
                    set.name(),
                    set.members().stream()
                            .filter(m -> !m.arbiter() && !m.hidden())
                            .map(MongoCluster.Member::node)
                            .toList(),
                    new MongoLogins(cluster).admin(),
                    repository.oplog(set.name()),
                    from,
                    repository.slice()));
        }
        return sources;
    }

    private Map<String, Set<String>> damaged() {
        Repository repository = seen.stock().repository();
        Script script = Script.of("mongodb/vault-verify.sh")
                .with("root", repository.root())
                .with("sets", cluster.allSets().stream().map(MongoSet::name).toList());
        Answer answer = world.ask(new Action.Exec(Repository.HERE, script, Intent.LOOK, READ_ALL));
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

    private Holdings told(Stock stock, boolean thorough) {
        if (!stock.trouble().isEmpty()) {
            findings.add(new Finding(stock.repository().root(), stock.trouble(), "is the repository mounted here?"));
        }
        stock.shelves().forEach(s -> judge(s, thorough));
        judgeArchiver(stock);
        judgeNewest(stock);
        return new Holdings(
                cluster.name(),
                stock.repository().path(),
                copies(stock),
                stock.stretches().stream()
                        .filter(s -> s.to().seconds() > s.from().seconds())
                        .map(MongoVault::window)
                        .toList(),
                waiting(stock),
                stock.bytes(),
                stock.proven(),
                findings,
                notes);
    }

    /** Whole seconds, as a time is asked for: from the first that begins after the one moment to that of the other. */
    private static Window window(Stretch stretch) {
        return new Window(
                stretch.from().instant().plusSeconds(1),
                stretch.to().instant(),
                "cluster time " + stretch.from() + " to " + stretch.to());
    }

    private void judge(Shelf shelf, boolean thorough) {
        String where = cluster.name() + "/" + shelf.set();
        for (MemberCopy copy : shelf.copies()) {
            if (!copy.isWhole()) {
                findings.add(new Finding(
                        seen.stock().repository().copy(shelf.set(), copy.label()),
                        copy.found() < 0
                                ? copy.archive() + " is missing"
                                : copy.archive() + " has " + copy.found() + " bytes, its manifest says " + copy.bytes(),
                        "make another: holdfast backup run " + cluster.name() + " --kind full"));
            }
        }
        for (int i = 1; i < shelf.chains().size(); i++) {
            Chain before = shelf.chains().get(i - 1);
            Chain behind = shelf.chains().get(i);
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

    private void judgeArchiver(Stock stock) {
        for (Shelf shelf : stock.shelves()) {
            String where = cluster.name() + "/" + shelf.set();
            String hint = "start it: holdfast backup archive, or install its unit: holdfast backup archive --unit";
            Optional<Archived> archived = shelf.archived();
            if (archived.isEmpty()) {
                findings.add(new Finding(where, "nothing was ever archived of it", hint));
            } else if (archived.get().when().plus(SILENT).isBefore(seen.at())) {
                findings.add(new Finding(
                        where,
                        "the archiver is silent since " + archived.get().when() + "; the archive ends at "
                                + archived.get().stamp(),
                        hint));
            }
        }
    }

    private void judgeNewest(Stock stock) {
        List<String> labels = stock.labels();
        if (labels.isEmpty()) {
            findings.add(new Finding(
                    cluster.name(), "there is no copy of all of its sets", "holdfast backup run " + cluster.name()));
            return;
        }
        String newest = labels.get(labels.size() - 1);
        List<String> stale = seen.stale(newest);
        if (!stale.isEmpty()) {
            findings.add(new Finding(
                    cluster.name() + " copy " + newest,
                    "it is stale: " + String.join("; ", stale),
                    "make a new one: holdfast backup run " + cluster.name() + " --kind full"));
        }
        for (Shelf shelf : stock.shelves()) {
            MemberCopy copy = shelf.copy(newest).orElseThrow();
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

    private static List<Copy> copies(Stock stock) {
        List<Copy> all = new ArrayList<>();
        Map<String, List<MemberCopy>> byLabel = new TreeMap<>();
        stock.shelves()
                .forEach(s -> s.copies()
                        .forEach(c -> byLabel.computeIfAbsent(c.label(), k -> new ArrayList<>())
                                .add(c)));
        byLabel.forEach((label, copies) -> {
            Map<String, Object> facts = new LinkedHashMap<>();
            copies.forEach(c -> facts.put(c.set(), c.top().toString()));
            all.add(new Copy(
                    label,
                    stock.isWhole(label) ? "base" : "incomplete",
                    copies.stream()
                            .map(MemberCopy::started)
                            .min(Instant::compareTo)
                            .orElseThrow(),
                    copies.stream()
                            .map(MemberCopy::stopped)
                            .max(Instant::compareTo)
                            .orElseThrow(),
                    copies.stream().mapToLong(MemberCopy::bytes).sum(),
                    facts));
        });
        return all;
    }

    /** What the servers have and the archive has not; unknown as soon as one set does not tell. */
    private Optional<Waiting> waiting(Stock stock) {
        long bytes = 0;
        double seconds = 0;
        for (SetSeen set : seen.mongo().sets()) {
            Optional<Archived> archived = stock.shelf(set.name()).archived();
            Optional<NodeSeen> primary = set.primary().filter(p -> !p.login().isNobody());
            if (archived.isEmpty() || primary.isEmpty()) {
                return Optional.empty();
            }
            Stamp last = Stamp.of(
                    Optime.of(primary.get().heard().hello().doc("lastWrite").doc("opTime")));
            Stamp stamp = archived.get().stamp();
            if (last.compareTo(stamp) > 0) {
                seconds = Math.max(seconds, last.seconds() - stamp.seconds());
                long behind = VaultSeen.bytesAfter(world, primary.get(), stamp);
                bytes = bytes < 0 || behind < 0 ? -1 : bytes + behind;
            }
        }
        return Optional.of(new Waiting(bytes, seconds));
    }
}
