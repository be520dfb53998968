package dev.holdfast.postgres.restore;

import dev.holdfast.backup.RestoreRequest;
import dev.holdfast.engine.Operation;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.postgres.configuration.PgBackRestConfig;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The operation that restores a cluster to a recovery target.
 *
 * <ol>
 *   <li>Refuse a target that cannot be reached, with the nearest reachable times, and a destination without space. Nothing is
 *       changed.
 *   <li>Archive the remaining WAL up to the target; a marker commit proves that nothing more belongs to it.
 *   <li>In place: close the client endpoints, stop and fence the members, preserve their data: see {@link
 *       InPlaceRestoreStages}.
 *   <li>Restore a base backup and replay WAL to the target, where replay pauses.
 *   <li>Read every row; only then open the server for writes, on its own timeline.
 *   <li>In place and in another estate: clone the other members, set the synchronous standbys, open the client endpoints, and
 *       make a base backup of the new timeline.
 * </ol>
 *
 * Invariants: a side-by-side restore neither archives nor follows a server; previous data is never discarded; a server is
 * opened only after verification.
 */
public final class RestoreOperation {

    private final PostgresCluster cluster;
    private final RestoreRequest request;
    private final RestoreDestination site;
    private final RestoreProbe probes;
    private final InPlaceRestoreStages inPlace;
    private final RestoreDecision rules;
    private final RestoreSteps steps;
    private final RepositoryHostRecovery lost;

    private RestoreOperation(Topology topology, PostgresCluster cluster, RestoreRequest request) {
        this.cluster = cluster;
        this.request = request;
        Topology sourceTopology =
                request.into() instanceof RestoreRequest.OtherEstate elsewhere ? elsewhere.source() : topology;
        PostgresCluster source = request.into() instanceof RestoreRequest.OtherEstate
                ? (PostgresCluster) sourceTopology.cluster(cluster.name()).orElseThrow()
                : cluster;
        this.site = new RestoreDestination(topology, cluster, request.into());
        this.probes = new RestoreProbe(topology, cluster, sourceTopology, source, site, request);
        PgBackRestConfig archive = probes.repository().archive();
        RestoreActions actions = new RestoreActions(topology, cluster, archive, site.isSideBySide());
        this.inPlace = new InPlaceRestoreStages(topology, cluster, site, probes, actions);
        boolean isOwnRepository = sourceTopology == topology
                || cluster.repository()
                        .map(r -> !r.of(topology.name(), cluster.name()).equals(archive.folder()))
                        .orElse(true);
        this.rules = new RestoreDecision(cluster, request, site, probes, inPlace, isOwnRepository);
        this.lost = new RepositoryHostRecovery(topology, cluster, archive, probes);
        this.steps = new RestoreSteps(cluster, request, site, probes, actions, inPlace);
    }

    public static Operation<RestoreState> operation(
            Topology topology, PostgresCluster cluster, RestoreRequest request) {
        RestoreOperation restore = new RestoreOperation(topology, cluster, request);
        return new Operation<>(restore.book(), restore.rules::decided);
    }

    public static Runbook<?> discard(Topology topology, PostgresCluster cluster, String label) {
        return new DiscardRunbook(topology, cluster, label).book();
    }

    public static Runbook<?> undo(Topology topology, PostgresCluster cluster) {
        return new RestoreUndo(topology, cluster).book();
    }

    private Runbook<RestoreState> book() {
        List<Stage<RestoreState>> acts = new ArrayList<>();
        acts.add(new Stage<>(
                "decision",
                state -> rules.refusal(state).map(r -> Plan.refused(List.of(r))).orElse(Plan.NOTHING)));
        acts.add(act("archive", steps::archived));
        if (site.isInPlace()) {
            acts.add(act("closing", inPlace::closed));
            acts.add(act("stop", inPlace::stopped));
            acts.add(act("aside", inPlace::aside));
            acts.add(act("keys", lost::keys));
            acts.add(act("repository", lost::processes));
        }
        acts.add(onSite("copy", steps::copied));
        acts.add(onSite("replay", steps::replayed));
        acts.add(onSite("opening", steps::opened));
        acts.add(onSite("passwords", steps::passwords));
        acts.add(act("proof", steps::proven));
        if (!site.isSideBySide()) {
            acts.addAll(inPlace.afterwards());
        }
        acts.add(act("result", steps::report));
        return new Runbook<>(
                cluster.name(),
                "restore " + cluster.name() + " to " + request.moment().shown(),
                probes::look,
                acts);
    }

    /** Plans nothing for a refused restore; a host that stops answering between two stages ends the run. */
    private Stage<RestoreState> act(String name, Function<RestoreState, Plan> planner) {
        return new Stage<>(name, state -> {
            Optional<Refusal> unreached = rules.unreached(state);
            if (unreached.isPresent()) {
                return Plan.refused(List.of(unreached.get()));
            }
            return rules.refusal(state).isPresent() ? Plan.NOTHING : planner.apply(state);
        });
    }

    /** A side-by-side restore changes only the scratch server; an in-place restore changes a member. */
    private Stage<RestoreState> onSite(String name, Function<RestoreState, Plan> planner) {
        Stage<RestoreState> act = act(name, planner);
        return site.isSideBySide() ? new Stage<>(name, act.planner(), Optional.of(probes::again)) : act;
    }
}
