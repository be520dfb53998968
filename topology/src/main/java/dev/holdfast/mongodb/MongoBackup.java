package dev.holdfast.mongodb;

import dev.holdfast.backup.Kind;
import dev.holdfast.model.Environment;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import dev.holdfast.mongodb.MongoCluster.MongoSet;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Step;
import dev.holdfast.world.World;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * A copy of every set of a cluster.
 *
 * <ol>
 *   <li>The repository's folder is there, and every host sees the same one.
 *   <li>What a killed run has left locked is unlocked.
 *   <li>The balancer is stopped, and that it was on is written down.
 *   <li>Set after set, so that only one is without its spare: one member is locked, its data copied, the member unlocked.
 *   <li>The balancer is turned on again when it was on.
 *   <li>The archive has passed the end of every copy, when an archiver runs.
 *   <li>What is older than what is to be kept is removed.
 * </ol>
 *
 * Invariants: a member is never left locked: by the step's mend, by its host when the CLI is gone, by the next run; a copy
 * has its name only once it was read back whole.
 */
final class MongoBackup {

    private static final DateTimeFormatter LABEL =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Topology topology;
    private final MongoCluster cluster;
    private final Repository repository;
    private final Kind kind;
    /** When this run first looked: names its copies, and tells them from those of earlier runs. */
    private final AtomicReference<Instant> began = new AtomicReference<>();

    private MongoBackup(Topology topology, MongoCluster cluster, Kind kind) {
        this.topology = topology;
        this.cluster = cluster;
        this.repository = Repository.of(topology, cluster);
        this.kind = kind;
    }

    static Runbook<VaultSeen> of(Topology topology, MongoCluster cluster, Kind kind) {
        if (kind == Kind.DIFFERENTIAL || kind == Kind.INCREMENTAL) {
            throw new Trouble(
                    Exit.REFUSED,
                    cluster.name(),
                    "copies of MongoDB members are always whole",
                    "--kind full; the archive holds what comes after");
        }
        MongoBackup backup = new MongoBackup(topology, cluster, kind);
        List<Act<VaultSeen>> acts = new ArrayList<>();
        acts.add(new Act<>("preconditions", backup::refused));
        acts.add(new Act<>("repository", backup.when(CopyRun::ready)));
        acts.add(new Act<>("unlock", seen -> backup.copying(seen).unlockLeft()));
        acts.add(new Act<>("balancer", backup.when(CopyRun::stopBalancer)));
        for (MongoSet set : cluster.allSets()) {
            acts.add(new Act<>("lock " + set.name(), backup.when(c -> c.lock(set))));
            acts.add(new Act<>("copy " + set.name(), backup.when(c -> c.copy(set))));
        }
        acts.add(new Act<>("balancer again", seen -> backup.copying(seen).startBalancer()));
        acts.add(new Act<>("archive", seen -> backup.archive(seen)));
        acts.add(new Act<>("keep", seen -> backup.copying(seen).forget()));
        return new Runbook<>(cluster.name(), "Back up " + cluster.name(), backup::look, acts);
    }

    private VaultSeen look(World world) {
        VaultSeen seen = VaultSeen.look(world, topology, cluster, repository).withGrounds(world);
        began.compareAndSet(null, seen.at());
        return seen;
    }

    private CopyRun copying(VaultSeen seen) {
        return new CopyRun(topology, cluster, repository, seen, LABEL.format(began.get()));
    }

    /** Only when a copy is to be made, and not made yet. */
    private Function<VaultSeen, Plan> when(Function<CopyRun, Plan> part) {
        return seen -> {
            CopyRun run = copying(seen);
            if (seen.stock().isWhole(run.label()) || !isDue(seen)) {
                return Plan.NOTHING;
            }
            return run.refusals(topology.environment() == Environment.LAB).isEmpty() ? part.apply(run) : Plan.NOTHING;
        };
    }

    private Plan refused(VaultSeen seen) {
        CopyRun run = copying(seen);
        return seen.stock().isWhole(run.label()) || !isDue(seen)
                ? Plan.NOTHING
                : Plan.refused(run.refusals(topology.environment() == Environment.LAB));
    }

    private boolean isDue(VaultSeen seen) {
        Optional<Duration> every = repository.base();
        List<String> labels = seen.stock().labels();
        if (kind == Kind.FULL || labels.isEmpty()) {
            return true;
        }
        Instant newest = Instant.from(LABEL.parse(labels.get(labels.size() - 1)));
        return every.isEmpty()
                || !newest.plus(every.get()).isAfter(began.get())
                || !seen.stale(labels.get(labels.size() - 1)).isEmpty();
    }

    /** The archive reaches what was copied; without an archiver that is only said. */
    private Plan archive(VaultSeen seen) {
        String label = LABEL.format(began.get());
        List<Step> steps = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (Shelf shelf : seen.stock().shelves()) {
            Optional<MemberCopy> copy = shelf.copy(label);
            if (copy.isEmpty() || shelf.chain(copy.get().top()).isPresent()) {
                continue;
            }
            boolean runs = shelf.archived()
                    .filter(a -> a.when().plus(MongoVault.SILENT).isAfter(seen.at()))
                    .isPresent();
            if (runs) {
                steps.add(copying(seen).awaitArchive(shelf.set(), copy.get().top()));
            } else {
                notes.add(cluster.name() + "/" + shelf.set()
                        + ": no archiver runs, so only what it copied later can be reached; holdfast backup archive");
            }
        }
        return new Plan(steps, List.of(), notes);
    }
}
