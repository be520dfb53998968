package dev.holdfast.postgres;

import dev.holdfast.backup.Holdings.Window;
import dev.holdfast.backup.Moment;
import dev.holdfast.backup.RestoreOrder;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.PostgresCluster.Member;
import dev.holdfast.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How a restore is looked at. What is to be brought back is decided at the first look and kept: while a restore is under way
 * the archive grows, and in place the servers that could tell are stopped. What a killed run has begun is found on its place.
 */
final class RestoreProbes {

    /** What was decided at the first look, and from what at the place. */
    private record First(Member site, SiteSeen begun, VaultSeen vault, Reachable.Answered answered) {}

    private final PostgresProbes probes;
    private final VaultProbes vault;
    private final PostgresVault holdings;
    private final RestoreSite site;
    private final RestoreOrder order;
    private final boolean isSourceElsewhere;
    private final Optional<VaultProbes> own;
    private final AtomicReference<First> first = new AtomicReference<>();
    /** In place: what is noted there was done by an earlier run, to its end. */
    private final AtomicBoolean isEarlier = new AtomicBoolean();

    /** @param source the estate and the cluster whose backups they are */
    RestoreProbes(
            Topology topology,
            PostgresCluster cluster,
            Topology sourceTopology,
            PostgresCluster source,
            RestoreSite site,
            RestoreOrder order) {
        this.probes = new PostgresProbes(topology, cluster);
        this.vault = new VaultProbes(sourceTopology, source);
        this.holdings = new PostgresVault(sourceTopology, source);
        this.site = site;
        this.order = order;
        this.isSourceElsewhere = sourceTopology != topology;
        this.own = site.isBeside() || Repository.of(cluster).isEmpty()
                ? Optional.empty()
                : Optional.of(new VaultProbes(topology, cluster));
    }

    Member site() {
        return first.get().site();
    }

    VaultProbes vault() {
        return vault;
    }

    RestoreSeen look(World world) {
        PostgresSeen now = probes.look(world, !site.isBeside());
        boolean isFirst = first.get() == null;
        if (isFirst) {
            first.compareAndSet(null, first(world, now));
        }
        First known = first.get();
        SiteSeen seen = isFirst ? known(known.begun()) : site(world);
        RestoreSeen all = new RestoreSeen(
                now.at(),
                now,
                seen,
                known.answered().goal(),
                known.answered().refusal(),
                known.vault(),
                Optional.empty());
        return own.isPresent() && all.isDone()
                ? new RestoreSeen(
                        now.at(),
                        now,
                        seen,
                        all.goal(),
                        all.refusal(),
                        all.vault(),
                        Optional.of(own.get().look(world, now)))
                : all;
    }

    /** Looks again at the scratch server alone: while it is brought back, that is all that changes. */
    RestoreSeen again(RestoreSeen before, World world) {
        return new RestoreSeen(
                world.now(),
                before.now(),
                site(world),
                before.goal(),
                before.refusal(),
                before.vault(),
                Optional.empty());
    }

    SiteSeen site(World world) {
        return known(site.look(world, site().node()));
    }

    private SiteSeen known(SiteSeen seen) {
        if (seen.done().isEmpty()) {
            isEarlier.set(false);
        }
        return isEarlier.get() ? seen.withoutDone() : seen;
    }

    private First first(World world, PostgresSeen now) {
        Member place = site.choose(world, now);
        VaultSeen seen = isSourceElsewhere ? vault.look(world) : vault.look(world, now);
        SiteSeen begun = site.look(world, place.node());
        boolean isUnderWay = now.members().stream()
                .anyMatch(m -> m.disk().fence().filter(Fence::isRestore).isPresent());
        // a base copy of the new timeline is the last thing that a restore in place makes
        boolean isOver = site.isInPlace() && begun.order().isEmpty() && !isUnderWay && !seen.isStale();
        Reachable.Answered answered = reachable(world, seen);
        Optional<Goal> earlier =
                Goal.of(begun.order().isEmpty() ? begun.done() : begun.order()).filter(g -> isAsked(g, answered));
        isEarlier.set(isOver && (earlier.isEmpty() || order.isAgain()));
        return new First(
                place,
                begun,
                seen,
                earlier.map(g -> new Reachable.Answered(
                                Optional.of(g), Optional.<dev.holdfast.plan.Plan.Refusal>empty()))
                        .orElse(answered));
    }

    /** What a killed run has begun goes on, even when the servers that could tell are stopped by now. */
    private boolean isAsked(Goal begun, Reachable.Answered answered) {
        if (answered.goal().isPresent()) {
            return begun.isTo(answered.goal().get());
        }
        return Reachable.target(order.moment())
                .filter(t -> begun.setting().equals(t[0]) && begun.value().equals(t[1]))
                .isPresent();
    }

    private Reachable.Answered reachable(World world, VaultSeen seen) {
        if (!seen.shelf().trouble().isEmpty()) {
            return Reachable.unread(vault.archive().folder(), seen);
        }
        List<Window> windows = holdings.windows(world, seen);
        return new Reachable(seen.now().cluster().name(), seen, windows, found(world, seen)).answer(order.moment());
    }

    private List<String[]> found(World world, VaultSeen seen) {
        if (order.moment() instanceof Moment.Name name) {
            return vault.search(world, seen, "point", name.name(), segments(seen));
        }
        if (order.moment() instanceof Moment.BeforeOperation before) {
            String[] words = before.operation().strip().split("\\s+");
            return words.length == 2 && words[0].equals("xid") && words[1].matches("[0-9]{1,10}")
                    ? vault.search(world, seen, "xid", words[1], segments(seen))
                    : vault.search(world, seen, "drops", "", segments(seen));
        }
        return List.of();
    }

    /** Every segment that a restore could replay. */
    private static List<String> segments(VaultSeen seen) {
        Lineage lineage = seen.shelf().lineage();
        List<String> names = new ArrayList<>();
        seen.stretches().forEach(s -> {
            for (long n = s.first().first(); n <= s.last(); n++) {
                names.add(lineage.name(n));
            }
        });
        return names;
    }
}
