package dev.holdfast.cli.metrics;

import dev.holdfast.execution.Measure;
import dev.holdfast.execution.Measure.Unit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A metric family: its name, meaning, unit, type and labels. Every sample also has the label {@code estate}.
 *
 * @param name the name; samples of a counter have the suffix {@code _total}
 */
public record MetricFamily(String name, String description, Unit unit, boolean isCounter, List<String> labels) {

    private static final List<String> CLUSTER = List.of("cluster");
    private static final List<String> GROUP = List.of("cluster", "group");
    private static final List<String> NODE = List.of("cluster", "group", "node", "host", "zone", "region");
    private static final List<String> HOST = List.of("cluster", "host", "zone", "region");
    private static final List<String> DRILL = List.of("drill", "target");

    static final MetricFamily OBSERVED_AT = gauge(
            "observation_timestamp_seconds", Unit.SECONDS, "Start time of the observation, in seconds since 1970.");
    static final MetricFamily OBSERVATION_AGE =
            gauge("observation_age_seconds", Unit.SECONDS, "Age of the observation when it was printed or scraped.");
    static final MetricFamily OBSERVATION_DURATION =
            gauge("observation_duration_seconds", Unit.SECONDS, "How long the observation took.");
    static final MetricFamily OBSERVATION_FAILURES = new MetricFamily(
            "holdfast_observation_failures",
            "Observations that Holdfast could not complete since it began to listen.",
            Unit.NONE,
            true,
            List.of());
    static final MetricFamily HEALTHY =
            gauge("cluster_healthy", "Whether status reports no problem of the cluster.", CLUSTER);
    static final MetricFamily PROBLEMS = gauge(
            "cluster_problems",
            "Problems that status reports. A grave one means that service or protection is lost.",
            List.of("cluster", "gravity"));
    static final MetricFamily DIFFERENCES = gauge(
            "cluster_differences", "Steps and named differences between the declared and the observed state.", CLUSTER);
    static final MetricFamily MAINTENANCE =
            gauge("cluster_maintenance", "Present with the value 1 while the cluster is in maintenance.", CLUSTER);
    static final MetricFamily UP = gauge("node_up", "Whether the node answers.", NODE);
    static final MetricFamily STATE = gauge(
            "node_state",
            "The state of the node: up, down when its host reports that its process has exited, or unreachable.",
            with(NODE, "state"));
    static final MetricFamily ROLE = gauge("node_role", "The observed role of the node.", with(NODE, "role"));
    static final MetricFamily DRILL_RUN = new MetricFamily(
            "holdfast_last_drill_timestamp_seconds",
            "Start time of the last run of the drill, in seconds since 1970.",
            Unit.SECONDS,
            false,
            DRILL);
    static final MetricFamily DRILL_HELD =
            gauge("last_drill_held", "Whether all claims held in the last run of the drill.", DRILL);
    static final MetricFamily DRILL_RECOVERY = new MetricFamily(
            "holdfast_last_drill_recovery_seconds",
            "Time from the fault to the first acknowledged write in the last run of the drill.",
            Unit.SECONDS,
            false,
            DRILL);
    static final MetricFamily DRILL_LOST = gauge(
            "last_drill_lost_writes",
            "Acknowledged writes with a promise that were lost in the last run of the drill.",
            DRILL);

    private static final List<MetricFamily> OF_ESTATES = List.of(
            OBSERVED_AT,
            OBSERVATION_AGE,
            OBSERVATION_DURATION,
            OBSERVATION_FAILURES,
            HEALTHY,
            PROBLEMS,
            DIFFERENCES,
            MAINTENANCE,
            UP,
            STATE,
            ROLE,
            DRILL_RUN,
            DRILL_HELD,
            DRILL_RECOVERY,
            DRILL_LOST);

    private static MetricFamily gauge(String words, Unit unit, String description) {
        return new MetricFamily("holdfast_" + words, description, unit, false, List.of());
    }

    private static MetricFamily gauge(String words, String description, List<String> labels) {
        return new MetricFamily("holdfast_" + words, description, Unit.NONE, false, labels);
    }

    private static List<String> with(List<String> labels, String more) {
        return Stream.concat(labels.stream(), Stream.of(more)).toList();
    }

    static MetricFamily of(Measure measure) {
        List<String> labels = switch (measure.subject()) {
            case CLUSTER -> CLUSTER;
            case GROUP -> GROUP;
            case NODE -> NODE;
            case HOST -> HOST;
        };
        boolean isOfSlot = measure == Measure.SLOT_ACTIVE || measure == Measure.SLOT_RETAINED;
        return new MetricFamily(
                measure.metric(),
                measure.description(),
                measure.unit(),
                measure.isCounter(),
                isOfSlot ? with(labels, "slot") : labels);
    }

    /** Returns every family that can be printed. */
    public static List<MetricFamily> all() {
        return Stream.concat(
                        OF_ESTATES.stream(), Arrays.stream(Measure.values()).map(MetricFamily::of))
                .toList();
    }

    /** Returns the name of its samples. */
    public String sample() {
        return isCounter ? name + "_total" : name;
    }
}
