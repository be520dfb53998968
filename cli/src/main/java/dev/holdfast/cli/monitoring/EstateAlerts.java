package dev.holdfast.cli.monitoring;

import dev.holdfast.cli.monitoring.Alert.Severity;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.QuorumModel;
import dev.holdfast.model.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Prometheus alert rules of an estate. Their limits come from the objectives, backup policies and drill policy of the
 * topology.
 */
final class EstateAlerts {

    /** Three intervals of the endpoint, and the deadlines of an observation in which hosts do not answer. */
    private static final Duration STALE = Duration.ofMinutes(3);

    /** An observation that was made during a short role change does not fire an alert. */
    private static final Duration SOON = Duration.ofSeconds(15);

    private static final Duration HALF_MINUTE = Duration.ofSeconds(30);
    private static final Duration MINUTES = Duration.ofMinutes(5);
    private static final Duration LONG = Duration.ofMinutes(15);

    private static final long SLOT_GIB = 4;

    private final Topology topology;
    private final MetricSelector metrics;

    EstateAlerts(Topology topology) {
        this.topology = topology;
        this.metrics = new MetricSelector(topology.name());
    }

    /** Returns the rules by cluster, in the order of the topology; those of the whole estate are first, under an empty name. */
    Map<String, List<Alert>> all() {
        Map<String, List<Alert>> groups = new LinkedHashMap<>();
        groups.put("", estate());
        topology.clusters().forEach(c -> groups.put(c.name(), cluster(c)));
        return groups;
    }

    private List<Alert> estate() {
        String reachable = "max by (estate, host, zone, region) (" + metrics.of("holdfast_host_reachable") + ")";
        List<Alert> alerts = new ArrayList<>();
        alerts.add(new Alert(
                "HoldfastMetricsMissing",
                "absent(" + metrics.of("holdfast_observation_timestamp_seconds") + ")",
                Duration.ofMinutes(2),
                Severity.CRITICAL,
                "Prometheus has no metrics of estate " + topology.name(),
                "Prometheus gets no metrics of the estate, so no other alert can fire.",
                "start holdfast metrics --listen again, or read its log; then check the targets page of Prometheus"));
        alerts.add(new Alert(
                "HoldfastObservationOld",
                "time() - " + metrics.of("holdfast_observation_timestamp_seconds") + " > " + STALE.toSeconds(),
                Duration.ZERO,
                Severity.CRITICAL,
                "The last observation of estate " + topology.name() + " is {{ $value | humanizeDuration }} old",
                "The last complete observation is older than " + Alert.words(STALE)
                        + ", so the other metrics are old, too.",
                "holdfast status; then read the log of holdfast metrics"));
        alerts.add(new Alert(
                "HoldfastHostUnreachable",
                reachable + " == 0",
                SOON,
                Severity.WARNING,
                "Host {{ $labels.host }} does not answer",
                "The host does not answer Holdfast's question about its nodes. Its nodes can still run.",
                "holdfast status; then check power, network and ssh of the host"));
        alerts.add(new Alert(
                "HoldfastNodeUnreachable",
                metrics.of("holdfast_node_state", "state='unreachable'") + " == 1 unless on (estate, host) " + reachable
                        + " == 0",
                SOON,
                Severity.WARNING,
                "{{ $labels.cluster }}/{{ $labels.group }}/{{ $labels.node }} does not answer",
                "The host answers, and the server does not: it hangs, refuses the login, or a firewall blocks it.",
                "holdfast status names the reason and the command that helps"));
        alerts.add(new Alert(
                "HoldfastNodeDown",
                metrics.of("holdfast_node_state", "state='down'") + " == 1",
                SOON,
                Severity.WARNING,
                "{{ $labels.cluster }}/{{ $labels.group }}/{{ $labels.node }} is down",
                "The host reports that the process of the node has exited.",
                "holdfast status; holdfast apply starts it, holdfast rejoin brings back a fenced server"));
        alerts.add(new Alert(
                "HoldfastMaintenance",
                metrics.of("holdfast_cluster_maintenance") + " == 1",
                Duration.ZERO,
                Severity.INFO,
                "Cluster {{ $labels.cluster }} is in maintenance",
                "An operator has suspended role changes. The routing example mutes warnings of this cluster meanwhile.",
                "holdfast maintenance off {{ $labels.cluster }} ends it"));
        alerts.add(new Alert(
                "HoldfastProblem",
                metrics.of("holdfast_cluster_problems") + " > 0",
                LONG,
                Severity.INFO,
                "status reports {{ $value }} {{ $labels.gravity }} problems of cluster {{ $labels.cluster }}",
                "status has reported problems for " + Alert.words(LONG)
                        + ". Differences from the declared state are among them.",
                "holdfast status; holdfast plan"));
        alerts.add(new Alert(
                "HoldfastDrillOverdue",
                "time() - " + metrics.of("holdfast_last_drill_timestamp_seconds") + " > "
                        + topology.drills().overdue().toSeconds(),
                MINUTES,
                Severity.INFO,
                "Drill {{ $labels.drill }} on {{ $labels.target }} is overdue",
                "The drill was last run more than "
                        + Alert.words(topology.drills().overdue()) + " ago, the limit of this topology.",
                "holdfast drill run {{ $labels.drill }}"));
        alerts.add(new Alert(
                "HoldfastDrillFailed",
                metrics.of("holdfast_last_drill_held") + " == 0",
                Duration.ZERO,
                Severity.INFO,
                "The last drill {{ $labels.drill }} on {{ $labels.target }} did not hold",
                "A claim of the last run is broken or unknown.",
                "holdfast drill history"));
        return alerts;
    }

    private List<Alert> cluster(Cluster cluster) {
        String name = cluster.name();
        List<Alert> alerts = new ArrayList<>();
        Optional<Duration> election = cluster.redundancies().stream()
                .flatMap(r -> r.election().stream())
                .max(Duration::compareTo);
        Duration lost = election.map(e -> e.plusSeconds(5)).orElse(SOON);
        alerts.add(new Alert(
                "HoldfastNoPrimary",
                metrics.of(cluster, "holdfast_group_primaries") + " == 0",
                lost,
                Severity.CRITICAL,
                name + "/{{ $labels.group }} has no primary",
                election.map(e -> "No member answers as primary, also after the time of an election.")
                                .orElse("No member answers as primary.")
                        + " Clients cannot write. " + rto(cluster),
                "holdfast status; then holdfast failover " + name + " decides, or refuses with the reason"));
        alerts.add(new Alert(
                "HoldfastSplitBrain",
                metrics.of(cluster, "holdfast_group_primaries") + " > 1 or "
                        + metrics.of(cluster, "holdfast_group_primaries")
                        + " == 1 unless on (estate, cluster, group) "
                        + metrics.of(cluster, "holdfast_group_has_primary")
                        + " == 1",
                SOON,
                Severity.CRITICAL,
                "More than one server of " + name + "/{{ $labels.group }} acts as primary",
                "More than one server accepts writes, or can accept them after its start.",
                "holdfast status names the primaries and what to do; keep clients away until then"));
        alerts.add(new Alert(
                "HoldfastWritesWait",
                metrics.of(cluster, "holdfast_group_writable") + " == 0",
                SOON,
                Severity.CRITICAL,
                "Writes to " + name + "/{{ $labels.group }} wait",
                "The primary answers, but too few members follow it to acknowledge a write.",
                "holdfast status; holdfast apply starts the missing members"));
        alerts.add(lag(cluster));
        if (hasStandbys(cluster)) {
            alerts.addAll(standbys(cluster));
        }
        cluster.precaution()
                .ifPresent(p -> alerts.addAll(new BackupAlerts(metrics, cluster, hasStandbys(cluster)).all(p)));
        return alerts;
    }

    private static String rto(Cluster cluster) {
        return cluster.objectives()
                .rto()
                .map(r -> "The declared RTO is " + Alert.words(r) + ".")
                .orElse("No RTO is declared.");
    }

    /** Returns whether its primary is replaced by a promotion, and not by an election. */
    private static boolean hasStandbys(Cluster cluster) {
        return cluster.redundancies().stream().map(Redundancy::form).anyMatch(f -> f == QuorumModel.PRIMARY);
    }

    private Alert lag(Cluster cluster) {
        Duration limit = cluster.objectives()
                .rpo()
                .filter(r -> !r.isZero())
                .map(r -> r.dividedBy(2))
                .filter(r -> r.compareTo(MINUTES) < 0)
                .orElse(cluster.objectives().rpo().filter(Duration::isZero).isPresent() ? HALF_MINUTE : MINUTES);
        return new Alert(
                "HoldfastReplicationLag",
                metrics.of(cluster, "holdfast_replication_lag_seconds") + " > " + Math.max(1, limit.toSeconds()),
                HALF_MINUTE,
                Severity.WARNING,
                cluster.name() + "/{{ $labels.group }}/{{ $labels.node }} is {{ $value | humanizeDuration }} behind",
                "The member is more than " + Alert.words(limit) + " behind its primary. "
                        + cluster.objectives()
                                .rpo()
                                .map(r -> "The declared RPO is " + Alert.words(r) + ".")
                                .orElse("No RPO is declared."),
                "holdfast status; check load, disk and network of the member");
    }

    private List<Alert> standbys(Cluster cluster) {
        String name = cluster.name();
        return List.of(
                new Alert(
                        "HoldfastSynchronousStandbyMissing",
                        metrics.of(cluster, "holdfast_group_sync_standbys") + " < "
                                + metrics.of(cluster, "holdfast_group_sync_standbys_declared")
                                + " and on (estate, cluster, group) " + metrics.of(cluster, "holdfast_group_writable")
                                + " == 1",
                        SOON,
                        Severity.WARNING,
                        name + ": {{ $value }} synchronous standbys follow, which is fewer than declared",
                        "Commits are acknowledged with fewer synchronous standbys than declared. The loss of the primary"
                                + " can lose them.",
                        "holdfast status; holdfast apply or holdfast rejoin brings the standby back"),
                new Alert(
                        "HoldfastReplicationStopped",
                        metrics.of(cluster, "holdfast_replication_streaming") + " == 0",
                        HALF_MINUTE,
                        Severity.WARNING,
                        name + "/{{ $labels.group }}/{{ $labels.node }} does not stream from its primary",
                        "The standby answers, but the primary sends no WAL to it.",
                        "holdfast status names a divergence or a missing slot; holdfast apply repairs what it can"),
                new Alert(
                        "HoldfastProxyRoute",
                        metrics.of(cluster, "holdfast_proxy_routes_to_primary") + " == 0",
                        SOON,
                        Severity.WARNING,
                        "Proxy {{ $labels.node }} of " + name + " does not send writes to the primary",
                        "Clients of this proxy cannot write, or they write to another server than the primary.",
                        "holdfast status; holdfast apply sets the route"),
                new Alert(
                        "HoldfastSlotRetainsWal",
                        metrics.of(cluster, "holdfast_slot_retained_bytes") + " > " + (SLOT_GIB << 30),
                        MINUTES,
                        Severity.WARNING,
                        "Slot {{ $labels.slot }} on {{ $labels.node }} of " + name
                                + " retains {{ $value | humanize1024 }}B of WAL",
                        "The primary keeps more than " + SLOT_GIB
                                + " GiB of WAL for a member. The disk of the primary can fill up.",
                        "holdfast status; start the member again, or drop the slot when the member is gone"));
    }
}
