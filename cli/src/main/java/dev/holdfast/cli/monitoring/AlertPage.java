package dev.holdfast.cli.monitoring;

import dev.holdfast.model.Topology;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page {@code ALERTS.md}: one section per alert name, to which the annotation of the alert links. */
final class AlertPage {

    private final Topology topology;
    private final Map<String, List<Alert>> alerts;

    AlertPage(Topology topology, Map<String, List<Alert>> alerts) {
        this.topology = topology;
        this.alerts = alerts;
    }

    String text() {
        Map<String, StringBuilder> sections = new LinkedHashMap<>();
        alerts.forEach((cluster, rules) -> rules.forEach(a -> section(sections, cluster, a)));
        StringBuilder page = new StringBuilder("# Alerts of " + topology.name() + "\n\n"
                + "Made by `holdfast monitoring` from the topology. `holdfast runbook --out DIR` writes the runbooks of"
                + " this estate.\n");
        sections.values().forEach(page::append);
        return page.toString();
    }

    private static void section(Map<String, StringBuilder> sections, String cluster, Alert alert) {
        String where = cluster.isEmpty() ? "the whole estate" : "`" + cluster + "`";
        StringBuilder section = sections.computeIfAbsent(
                alert.name(),
                n -> new StringBuilder(
                        "\n## " + n + "\n\nSeverity: " + alert.severity().word() + ".\n"));
        section.append("\nFor ")
                .append(where)
                .append(": ")
                .append(alert.meaning())
                .append("\n\n* fires when, for ")
                .append(Alert.span(alert.after()))
                .append(": `")
                .append(alert.expression())
                .append("`\n* do: ")
                .append(alert.action())
                .append('\n');
    }
}
