package dev.holdfast.cli.metrics;

import dev.holdfast.cli.run.DrillHistory;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.Measurement;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Turns one observation of an estate into metric families. A value that is unknown has no sample. */
final class EstateMetrics {

    private record Sample(List<String> labels, double value) {}

    private final String estate;
    private final Map<MetricFamily, List<Sample>> samples = new LinkedHashMap<>();

    private EstateMetrics(String estate) {
        this.estate = estate;
    }

    /** @param now the time of the scrape, for the age of the observation */
    static MetricSnapshots of(String estate, ObservedEstate observed, Instant now) {
        EstateMetrics metrics = new EstateMetrics(estate);
        metrics.add(observed, now);
        return metrics.snapshots();
    }

    /**
     * Returns the metrics of an endpoint, which also counts failed observations.
     *
     * @param failures the observations that failed since the endpoint started
     */
    static MetricSnapshots of(String estate, ObservedEstate observed, Instant now, long failures) {
        EstateMetrics metrics = new EstateMetrics(estate);
        metrics.add(observed, now);
        metrics.sample(MetricFamily.OBSERVATION_FAILURES, failures);
        return metrics.snapshots();
    }

    private void add(ObservedEstate observed, Instant now) {
        LoadedEstate.Observation observation = observed.observation();
        sample(MetricFamily.OBSERVED_AT, observation.at().toEpochMilli() / 1e3);
        sample(
                MetricFamily.OBSERVATION_AGE,
                Math.max(0, Duration.between(observation.at(), now).toMillis() / 1e3));
        sample(MetricFamily.OBSERVATION_DURATION, observed.duration().toMillis() / 1e3);
        observation.clusters().forEach(this::cluster);
        observation.maintained().forEach(m -> sample(MetricFamily.MAINTENANCE, 1, m.cluster()));
        observed.drills().forEach(this::drill);
    }

    private void cluster(LoadedEstate.ObservedCluster state) {
        String cluster = state.cluster().name();
        List<HealthProblem> problems = state.observed().findings();
        long grave = problems.stream().filter(HealthProblem::isGrave).count();
        sample(MetricFamily.HEALTHY, problems.isEmpty() ? 1 : 0, cluster);
        sample(MetricFamily.PROBLEMS, grave, cluster, "grave");
        sample(MetricFamily.PROBLEMS, problems.size() - grave, cluster, "minor");
        state.observed().differenceCount().ifPresent(n -> sample(MetricFamily.DIFFERENCES, n, cluster));
        state.observed().nodes().forEach(this::node);
        state.measurements().forEach(m -> measurement(cluster, m));
    }

    private void node(NodeStatus status) {
        List<String> labels = labels(status.node());
        sample(MetricFamily.UP, status.state() == NodeAvailability.UP ? 1 : 0, labels);
        for (NodeAvailability state : NodeAvailability.values()) {
            sample(MetricFamily.STATE, status.state() == state ? 1 : 0, with(labels, word(state)));
        }
        if (!status.role().isEmpty()) {
            sample(MetricFamily.ROLE, 1, with(labels, status.role()));
        }
    }

    /** Returns the word of the documents: "unreachable" as in all messages, since no answer is not "down". */
    private static String word(NodeAvailability state) {
        return state == NodeAvailability.SILENT ? "unreachable" : state.name().toLowerCase(Locale.ROOT);
    }

    private void measurement(String cluster, Measurement measurement) {
        MetricFamily family = MetricFamily.of(measurement.measure());
        List<String> labels = switch (measurement.measure().subject()) {
            case CLUSTER -> List.of(cluster);
            case GROUP -> List.of(cluster, measurement.group());
            case NODE -> labels(measurement.node().orElseThrow());
            case HOST -> labels(cluster, measurement.host().orElseThrow());
        };
        sample(
                family,
                measurement.value(),
                family.labels().size() > labels.size() ? with(labels, measurement.slot()) : labels);
    }

    private void drill(DrillHistory.Run run) {
        sample(MetricFamily.DRILL_RUN, run.at().toEpochMilli() / 1e3, run.drill(), run.target());
        sample(MetricFamily.DRILL_HELD, run.exit() == 0 ? 1 : 0, run.drill(), run.target());
        run.recovery().ifPresent(r -> sample(MetricFamily.DRILL_RECOVERY, r / 1e9, run.drill(), run.target()));
        run.lost().ifPresent(n -> sample(MetricFamily.DRILL_LOST, n, run.drill(), run.target()));
    }

    private static List<String> labels(Node node) {
        Host host = node.host();
        return List.of(node.cluster(), node.group(), node.name(), host.name(), host.zone(), host.region());
    }

    private static List<String> labels(String cluster, Host host) {
        return List.of(cluster, host.name(), host.zone(), host.region());
    }

    private static List<String> with(List<String> labels, String more) {
        List<String> all = new ArrayList<>(labels);
        all.add(more);
        return all;
    }

    private void sample(MetricFamily family, double value, String... labels) {
        sample(family, value, List.of(labels));
    }

    private void sample(MetricFamily family, double value, List<String> labels) {
        samples.computeIfAbsent(family, f -> new ArrayList<>()).add(new Sample(labels, value));
    }

    private MetricSnapshots snapshots() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        samples.forEach((family, values) -> all.metricSnapshot(snapshot(family, values)));
        return all.build();
    }

    private MetricSnapshot snapshot(MetricFamily family, List<Sample> values) {
        if (family.isCounter()) {
            CounterSnapshot.Builder counter =
                    CounterSnapshot.builder().name(family.name()).help(family.description());
            values.forEach(s -> counter.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                    .value(s.value())
                    .labels(labels(family, s))
                    .build()));
            return counter.build();
        }
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name(family.name()).help(family.description());
        switch (family.unit()) {
            case BYTES -> gauge.unit(Unit.BYTES);
            case SECONDS -> gauge.unit(Unit.SECONDS);
            case NONE -> {}
        }
        values.forEach(s -> gauge.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .value(s.value())
                .labels(labels(family, s))
                .build()));
        return gauge.build();
    }

    /** Returns the labels of a sample; a zone or region that is not declared has no label. */
    private Labels labels(MetricFamily family, Sample sample) {
        Labels.Builder labels = Labels.builder().label("estate", estate);
        for (int i = 0; i < family.labels().size(); i++) {
            if (!sample.labels().get(i).isEmpty()) {
                labels.label(family.labels().get(i), sample.labels().get(i));
            }
        }
        return labels.build();
    }
}
