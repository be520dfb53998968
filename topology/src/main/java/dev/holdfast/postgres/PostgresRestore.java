package dev.holdfast.postgres;

import dev.holdfast.backup.RestoreOrder;
import dev.holdfast.engine.Maneuver;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Brings a moment back.
 *
 * <ol>
 *   <li>Refuse what cannot be reached, with the nearest moments that can, or whereto there is no room; nothing is touched.
 *   <li>What of the moment is not archived yet is archived; a marker commit proves that nothing more belongs to it.
 *   <li>In place: the entrances are closed, the members stopped and fenced, their data kept aside: see {@link RestoreInPlace}.
 *   <li>A base copy is brought to its place; its log is replayed to the moment, where it stands still.
 *   <li>Every row of it is read; only then it is opened for writes, on a timeline of its own.
 *   <li>In place and elsewhere: the others are cloned from it, commits wait for them, clients are let in, and a base copy of
 *       the new timeline is made.
 * </ol>
 *
 * Invariants: a copy beside archives nowhere and follows nobody; data that was there before is never thrown away; nothing is
 * opened that was not verified.
 */
final class PostgresRestore {

    private final PostgresCluster cluster;
    private final RestoreOrder order;
    private final RestoreSite site;
    private final RestoreProbes probes;
    private final RestoreInPlace inPlace;
    private final RestoreRules rules;
    private final RestoreSteps steps;

    private PostgresRestore(Topology topology, PostgresCluster cluster, RestoreOrder order) {
        this.cluster = cluster;
        this.order = order;
        Topology sourceTopology =
                order.into() instanceof RestoreOrder.Elsewhere elsewhere ? elsewhere.source() : topology;
        PostgresCluster source = order.into() instanceof RestoreOrder.Elsewhere
                ? (PostgresCluster) sourceTopology.cluster(cluster.name()).orElseThrow()
                : cluster;
        this.site = new RestoreSite(topology, cluster, order.into());
        this.probes = new RestoreProbes(topology, cluster, sourceTopology, source, site, order);
        Archive archive = probes.vault().archive();
        RestoreTyping typing = new RestoreTyping(topology, cluster, archive, site.isBeside());
        this.inPlace = new RestoreInPlace(topology, cluster, site, probes, typing);
        boolean isOwnRepository = sourceTopology == topology
                || Repository.of(cluster)
                        .map(r -> !r.of(topology.name(), cluster.name()).equals(archive.folder()))
                        .orElse(true);
        this.rules = new RestoreRules(cluster, order, site, probes, inPlace, isOwnRepository);
        this.steps = new RestoreSteps(cluster, order, site, probes, typing, inPlace);
    }

    static Maneuver<RestoreSeen> maneuver(Topology topology, PostgresCluster cluster, RestoreOrder order) {
        PostgresRestore restore = new PostgresRestore(topology, cluster, order);
        return new Maneuver<>(restore.book(), restore.rules::decided);
    }

    static Runbook<?> discard(Topology topology, PostgresCluster cluster, String label) {
        return new RestoreDiscard(topology, cluster, label).book();
    }

    private Runbook<RestoreSeen> book() {
        List<Act<RestoreSeen>> acts = new ArrayList<>();
        acts.add(new Act<>(
                "decision",
                seen -> rules.refusal(seen).map(r -> Plan.refused(List.of(r))).orElse(Plan.NOTHING)));
        acts.add(act("archive", steps::archived));
        if (site.isInPlace()) {
            acts.add(act("closing", inPlace::closed));
            acts.add(act("stop", inPlace::stopped));
            acts.add(act("aside", inPlace::aside));
        }
        acts.add(onSite("copy", steps::copied));
        acts.add(onSite("replay", steps::replayed));
        acts.add(onSite("opening", steps::opened));
        if (!steps.pauses()) {
            acts.add(act("passwords", inPlace::passwords));
        }
        acts.add(act("proof", steps::proven));
        if (!site.isBeside()) {
            acts.addAll(inPlace.afterwards());
        }
        acts.add(act("result", steps::told));
        return new Runbook<>(
                cluster.name(),
                "bring " + cluster.name() + " back to " + order.moment().shown(),
                probes::look,
                acts);
    }

    /** Nothing is planned for what is refused. */
    private Act<RestoreSeen> act(String name, Function<RestoreSeen, Plan> planner) {
        return new Act<>(name, seen -> rules.refusal(seen).isPresent() ? Plan.NOTHING : planner.apply(seen));
    }

    /** Beside, it changes nothing but the scratch server; in place it is a member that changes. */
    private Act<RestoreSeen> onSite(String name, Function<RestoreSeen, Plan> planner) {
        Act<RestoreSeen> act = act(name, planner);
        return site.isBeside() ? new Act<>(name, act.planner(), Optional.of(probes::again)) : act;
    }
}
