package dev.holdfast.cli.metrics;

import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.cli.run.PlanComparison;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.Measurement;
import dev.holdfast.model.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The text of metrics of an observed cluster, for tests of other packages. */
public final class MetricsText {

    private MetricsText() {}

    /** @param measurements what was measured of servers and backups */
    public static String of(String estate, Cluster cluster, ClusterState state, List<Measurement> measurements) {
        LoadedEstate.ObservedCluster observed =
                new LoadedEstate.ObservedCluster(cluster, new PlanComparison(state, List.of()), measurements);
        return Exposition.OPEN_METRICS.text(EstateMetrics.of(
                estate,
                new ObservedEstate(
                        new LoadedEstate.Observation(Instant.EPOCH, List.of(observed), List.of()),
                        Duration.ofSeconds(1),
                        List.of()),
                Instant.EPOCH));
    }
}
