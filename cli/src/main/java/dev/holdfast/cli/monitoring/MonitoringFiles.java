package dev.holdfast.cli.monitoring;

import static dev.holdfast.cli.view.ResultData.map;

import dev.holdfast.cli.metrics.ListenAddress;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.model.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration files for Prometheus, Alertmanager and Grafana that {@code holdfast monitoring} writes. The same topology
 * and options give the same files, byte for byte.
 *
 * @param target where {@code holdfast metrics --listen} listens
 * @param interval how often Prometheus scrapes and evaluates
 * @param pages the address of {@code ALERTS.md}, for the annotation of alerts
 */
record MonitoringFiles(Topology topology, ListenAddress target, Duration interval, String pages) {

    private static final String MADE =
            "# Made by `holdfast monitoring` from the topology of %s. A new run replaces this file.%n";

    /** Returns the files by name. */
    Map<String, String> all() {
        Map<String, List<Alert>> alerts = new EstateAlerts(topology).all();
        Map<String, String> files = new LinkedHashMap<>();
        files.put("prometheus.yml", yaml(prometheus()));
        files.put("alerts.yml", yaml(rules(alerts)));
        files.put("alertmanager.yml", yaml(alertmanager()));
        files.put("dashboard.json", ResultData.json(new EstateDashboard(topology).document()));
        files.put("ALERTS.md", new AlertPage(topology, alerts).text());
        return files;
    }

    private String yaml(Map<String, Object> document) {
        return String.format(MADE, topology.name()) + ResultData.wideYaml(document);
    }

    private Map<String, Object> prometheus() {
        return map(
                "global",
                map("scrape_interval", Alert.span(interval), "evaluation_interval", Alert.span(interval)),
                "rule_files",
                List.of("alerts.yml"),
                "alerting",
                map(
                        "alertmanagers",
                        List.of(map("static_configs", List.of(map("targets", List.of("127.0.0.1:9093")))))),
                "scrape_configs",
                List.of(map(
                        "job_name",
                        "holdfast",
                        "static_configs",
                        List.of(map("targets", List.of(target.toString()))))));
    }

    private Map<String, Object> rules(Map<String, List<Alert>> alerts) {
        List<Object> groups = new ArrayList<>();
        alerts.forEach((cluster, rules) -> groups.add(map(
                "name",
                "holdfast-" + topology.name() + (cluster.isEmpty() ? "" : "-" + cluster),
                "rules",
                rules.stream().map(r -> rule(cluster, r)).toList())));
        return map("groups", groups);
    }

    private Map<String, Object> rule(String cluster, Alert alert) {
        Map<String, Object> labels = map("severity", alert.severity().word(), "estate", topology.name());
        if (!cluster.isEmpty()) {
            labels.put("cluster", cluster);
        }
        return map(
                "alert",
                alert.name(),
                "expr",
                alert.expression(),
                "for",
                Alert.span(alert.after()),
                "labels",
                labels,
                "annotations",
                map(
                        "summary",
                        alert.summary(),
                        "description",
                        alert.meaning(),
                        "action",
                        alert.action(),
                        "runbook_url",
                        pages + "#" + alert.anchor()));
    }

    /** The receivers are empty: an address or key of a paging service belongs to the reader. */
    private static Map<String, Object> alertmanager() {
        return map(
                "route",
                map(
                        "receiver",
                        "team",
                        "group_by",
                        List.of("estate", "cluster"),
                        "group_wait",
                        "10s",
                        "group_interval",
                        "1m",
                        "repeat_interval",
                        "4h",
                        "routes",
                        List.of(map("receiver", "pager", "matchers", List.of("severity=\"critical\"")))),
                "receivers",
                List.of(map("name", "pager"), map("name", "team")),
                "inhibit_rules",
                List.of(
                        inhibit(
                                "alertname=\"HoldfastNoPrimary\"",
                                "alertname=~\"HoldfastReplication.*|HoldfastProxyRoute\"",
                                List.of("estate", "cluster")),
                        inhibit(
                                "alertname=\"HoldfastHostUnreachable\"",
                                "alertname=\"HoldfastNodeUnreachable\"",
                                List.of("estate", "host")),
                        inhibit(
                                "alertname=\"HoldfastMaintenance\"",
                                "severity=\"warning\"",
                                List.of("estate", "cluster"))));
    }

    private static Map<String, Object> inhibit(String source, String target, List<String> equal) {
        return map("source_matchers", List.of(source), "target_matchers", List.of(target), "equal", equal);
    }
}
