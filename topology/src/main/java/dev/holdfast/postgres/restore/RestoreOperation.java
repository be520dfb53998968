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
    private final RestoreDestination destination;
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
        this.destination = new RestoreDestination(topology, cluster, request.into());
        this.probes = new RestoreProbe(topology, cluster, sourceTopology, source, destination, request);
        PgBackRestConfig archive = probes.repository().archive();
        RestoreActions actions = new RestoreActions(topology, cluster, archive, destination.isSideBySide());
        this.inPlace = new InPlaceRestoreStages(topology, cluster, destination, probes, actions);
        boolean isOwnRepository = sourceTopology == topology
                || cluster.repository()
                        .map(r -> !r.of(topology.name(), cluster.name()).equals(archive.folder()))
                        .orElse(true);
        this.rules = new RestoreDecision(cluster, request, destination, probes, inPlace, isOwnRepository);
        this.lost = new RepositoryHostRecovery(topology, cluster, archive, probes);
        this.steps = new RestoreSteps(cluster, request, destination, probes, actions, inPlace);
    }

    public static Operation<RestoreState> operation(
            Topology topology, PostgresCluster cluster, RestoreRequest request) {
        RestoreOperation restore = new RestoreOperation(topology, cluster, request);
        return new Operation<>(restore.runbook(), restore.rules::decided);
    }

    public static Runbook<?> discard(Topology topology, PostgresCluster cluster, String label) {
        return new DiscardRunbook(topology, cluster, label).runbook();
    }

    public static Runbook<?> undo(Topology topology, PostgresCluster cluster) {
        return new RestoreUndo(topology, cluster).runbook();
    }

    private Runbook<RestoreState> runbook() {
        List<Stage<RestoreState>> stages = new ArrayList<>();
        stages.add(new Stage<>(
                "decision",
                state -> rules.refusal(state).map(r -> Plan.refused(List.of(r))).orElse(Plan.NOTHING)));
        stages.add(stage("archive", steps::archived));
        if (destination.isInPlace()) {
            stages.add(stage("closing", inPlace::closed));
            stages.add(stage("stop", inPlace::stopped));
            stages.add(stage("aside", inPlace::aside));
            stages.add(stage("keys", lost::keys));
            stages.add(stage("repository", lost::processes));
        }
        stages.add(onSite("copy", steps::copied));
        stages.add(onSite("replay", steps::replayed));
        stages.add(onSite("opening", steps::opened));
        stages.add(onSite("passwords", steps::passwords));
        stages.add(stage("proof", steps::proven));
        if (!destination.isSideBySide()) {
            stages.addAll(inPlace.afterwards());
        }
        stages.add(stage("result", steps::report));
        return new Runbook<>(
                cluster.name(),
                "restore " + cluster.name() + " to " + request.moment().shown(),
                probes::look,
                stages);
    }

    /** Plans nothing for a refused restore; a host that stops answering between two stages ends the run. */
    private Stage<RestoreState> stage(String name, Function<RestoreState, Plan> planner) {
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
        Stage<RestoreState> stage = stage(name, planner);
        return destination.isSideBySide() ? new Stage<>(name, stage.planner(), Optional.of(probes::again)) : stage;
    }
}
