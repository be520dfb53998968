package dev.holdfast.cli.monitoring;

import static dev.holdfast.cli.view.ResultData.map;

import dev.holdfast.model.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Grafana dashboard of one estate: state first, then what leads to a loss, then backups and the observation itself. */
final class EstateDashboard {

    private static final int HEIGHT = 7;
    private static final int WIDTH = 12;
    private static final String NODE = "{{cluster}}/{{group}}/{{node}}";
    private static final Map<String, Object> SOURCE = map("type", "prometheus", "uid", "${source}");

    private final String estate;
    private final List<Object> panels = new ArrayList<>();

    EstateDashboard(Topology topology) {
        this.estate = topology.name();
        panel("stat", "Primary (1: one answers)", "none", "{{cluster}}/{{group}}", "holdfast_group_has_primary%s");
        panel("stat", "Writes acknowledged (1: yes)", "none", "{{cluster}}/{{group}}", "holdfast_group_writable%s");
        panel("stat", "Nodes that answer (1: yes)", "none", "{{cluster}}/{{group}}/{{node}}", "holdfast_node_up%s");
        panel("timeseries", "Problems", "none", "{{cluster}} {{gravity}}", "holdfast_cluster_problems%s");
        panel("timeseries", "Replication lag", "s", NODE, "holdfast_replication_lag_seconds%s");
        panel("timeseries", "Replication lag in WAL", "bytes", NODE, "holdfast_replication_lag_bytes%s");
        panel(
                "timeseries",
                "Synchronous standbys",
                "none",
                "{{cluster}} {{__name__}}",
                "{__name__=~'holdfast_group_sync_standbys(_declared)?',estate='" + topology.name() + "'}");
        panel("timeseries", "Election term", "none", "{{cluster}}/{{group}}", "holdfast_group_term%s");
        panel("timeseries", "Timeline", "none", NODE, "holdfast_node_timeline%s");
        panel("timeseries", "WAL retained by slots", "bytes", "{{node}} {{slot}}", "holdfast_slot_retained_bytes%s");
        panel("timeseries", "Archive lag", "s", "{{cluster}}/{{group}}", "holdfast_archive_lag_seconds%s");
        panel("timeseries", "Oplog window", "s", NODE, "holdfast_oplog_window_seconds%s");
        panel(
                "timeseries",
                "Age of the newest base backup",
                "s",
                "{{cluster}}",
                "time() - holdfast_backup_started_timestamp_seconds%s");
        panel("timeseries", "Duration of an observation", "s", "seconds", "holdfast_observation_duration_seconds%s");
        panel(
                "timeseries",
                "Age of the observation",
                "s",
                "seconds",
                "time() - holdfast_observation_timestamp_seconds%s");
        panel(
                "stat",
                "Recovery in the last drill",
                "s",
                "{{drill}} {{target}}",
                "holdfast_last_drill_recovery_seconds%s");
    }

    private void panel(String type, String title, String unit, String legend, String query) {
        int at = panels.size();
        panels.add(map(
                "id",
                at + 1,
                "type",
                type,
                "title",
                title,
                "datasource",
                SOURCE,
                "gridPos",
                map("h", HEIGHT, "w", WIDTH, "x", at % 2 * WIDTH, "y", at / 2 * HEIGHT),
                "fieldConfig",
                map("defaults", map("unit", unit), "overrides", List.of()),
                "targets",
                List.of(map(
                        "refId",
                        "A",
                        "datasource",
                        SOURCE,
                        "expr",
                        query.replace("%s", "{estate='" + estate + "'}"),
                        "legendFormat",
                        legend))));
    }

    Map<String, Object> document() {
        return map(
                "title",
                "Holdfast: " + estate,
                "uid",
                "holdfast-" + estate,
                "tags",
                List.of("holdfast"),
                "schemaVersion",
                36,
                "editable",
                true,
                "refresh",
                "30s",
                "time",
                map("from", "now-1h", "to", "now"),
                "templating",
                map(
                        "list",
                        List.of(map(
                                "name",
                                "source",
                                "label",
                                "Data source",
                                "type",
                                "datasource",
                                "query",
                                "prometheus"))),
                "panels",
                panels);
    }
}
