package dev.holdfast.postgres.automatic;

import dev.holdfast.engine.MaintenanceRunbook;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.CombinedState;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The maintenance of a cluster that Patroni runs.
 *
 * <ol>
 *   <li>Pause Patroni, or end its pause, and wait until every Patroni that answers has read this.
 *   <li>Record the maintenance on each host, or remove the record, as for every cluster.
 * </ol>
 *
 * Invariants: a run that was killed between the two is continued by the same command; a pause that a person made with Patroni's own
 * command ends with the maintenance too.
 */
public final class AutomaticPause {

    private static final Duration MOMENT = Duration.ofSeconds(30);

    private final PostgresCluster cluster;
    private final boolean isDesired;
    private final AutomaticProbe probe;
    private final AutomaticActions actions;

    AutomaticPause(Topology topology, PostgresCluster cluster, boolean isDesired) {
        this.cluster = cluster;
        this.isDesired = isDesired;
        this.probe = new AutomaticProbe(topology, cluster);
        this.actions = new AutomaticActions(topology, cluster);
    }

    /** @param reason the operator's reason; empty ends the maintenance */
    public static Runbook<? extends ClusterState> maintenance(
            Topology topology, PostgresCluster cluster, Optional<String> reason) {
        AutomaticPause pause = new AutomaticPause(topology, cluster, reason.isPresent());
        Runbook<AutomaticState> first = new Runbook<>(
                cluster.name(),
                reason.isPresent() ? "begin maintenance" : "end maintenance",
                context -> pause.probe.look(context, false),
                List.of(new Stage<>("pause", pause::plan)));
        return CombinedState.of(first, MaintenanceRunbook.runbook(cluster, reason));
    }

    Plan plan(AutomaticState state) {
        if (state.patroni().stream().filter(p -> p.rest().isPresent()).allMatch(p -> p.isPaused() == isDesired)) {
            // without an answer, nothing shows whether Patroni is paused
            return state.answeringMember().isPresent() ? Plan.NOTHING : Plan.refused(List.of(silent()));
        }
        if (!state.isStoreHealthy()) {
            return Plan.refused(List.of(new Refusal(
                    cluster.name(),
                    "etcd has no majority, so Patroni cannot " + (isDesired ? "be paused" : "end its pause")
                            + ". Nothing was changed",
                    "start the etcd servers: holdfast apply")));
        }
        MemberState member = state.answeringMember().orElseThrow();
        return Plan.of(List.of(Step.on(
                        cluster.name(),
                        isDesired
                                ? "Pause Patroni of " + cluster.name()
                                : "End the pause of Patroni of " + cluster.name())
                .because(
                        isDesired
                                ? "role changes are to be suspended; no failover happens until the maintenance ends"
                                : "Patroni is paused, and failover: automatic is declared")
                .type(actions.request(
                        member.node(),
                        "PATCH",
                        "config",
                        isDesired ? "{\"pause\": true}" : "{\"pause\": null}",
                        MOMENT))
                .until(
                        probe.members(
                                isDesired ? "every Patroni is paused" : "no Patroni is paused",
                                this::isDone,
                                this::description),
                        cluster.automatic().orElseThrow().ttl().plus(MOMENT))));
    }

    private boolean isDone(List<PatroniMember> all) {
        return all.stream().anyMatch(p -> p.rest().isPresent())
                && all.stream().filter(p -> p.rest().isPresent()).allMatch(p -> p.isPaused() == isDesired);
    }

    private String description(List<PatroniMember> all) {
        return all.stream()
                .filter(p -> p.rest().isPresent() && p.isPaused() != isDesired)
                .findFirst()
                .map(p -> "the Patroni of " + p.node().name() + (isDesired ? " is not paused" : " is paused"))
                .orElse(
                        isDone(all)
                                ? "every Patroni that answers is " + (isDesired ? "paused" : "not paused")
                                : "no Patroni answers");
    }

    private Refusal silent() {
        return new Refusal(
                cluster.name(),
                "no Patroni of " + cluster.name() + " answers. Nothing was changed",
                "start Patroni: holdfast apply",
                ExitCode.UNREACHABLE);
    }
}
