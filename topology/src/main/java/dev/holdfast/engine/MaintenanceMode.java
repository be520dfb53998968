package dev.holdfast.engine;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The record that an operator has suspended the role changes of a cluster. Every host of the cluster has the record, so that
 * every operator's machine finds it.
 */
public record MaintenanceMode(String cluster, Instant since, String reason) {

    /** The same deadline as for other probes, so that one command can serve them all. */
    private static final Duration SOON = Duration.ofSeconds(15);

    /** @param reason the operator's reason; line breaks are left out */
    public static MaintenanceMode of(String cluster, Instant now, String reason) {
        return new MaintenanceMode(
                cluster,
                now.truncatedTo(ChronoUnit.SECONDS),
                reason.replaceAll("\\p{Cntrl}+", " ").strip());
    }

    /** {@code host/maintenance-look.sh}. */
    public static final ScriptFormat LOOK = new ScriptFormat("host/maintenance-look.sh", Maintenance.class);

    private record Maintenance(String cluster, String since, String reason) {}

    String line() {
        return cluster + "\t" + since + "\t" + reason;
    }

    /** Returns the description for people. */
    public String description() {
        return cluster + " is in maintenance since " + since + (reason.isEmpty() ? "" : " (" + reason + ")");
    }

    /** Reads the record of each host. */
    static ScriptAnswer look(ExecutionContext context, Host host) {
        return LOOK.read(context.ask(new Action.RunScript(
                host, Script.of(LOOK.script()).with("directory", host.directory()), Access.LOOK, SOON)));
    }

    static List<MaintenanceMode> read(ScriptAnswer answer) {
        return answer.all(Maintenance.class).stream()
                .flatMap(m -> read(m).stream())
                .toList();
    }

    private static Optional<MaintenanceMode> read(Maintenance line) {
        try {
            return Optional.of(new MaintenanceMode(line.cluster(), Instant.parse(line.since()), line.reason()));
        } catch (DateTimeParseException torn) {
            return Optional.empty();
        }
    }

    static List<Host> hosts(Collection<Cluster> clusters) {
        return clusters.stream()
                .flatMap(c -> c.nodes().stream())
                .map(Node::host)
                .distinct()
                .toList();
    }

    /** Returns the records of these clusters on all hosts that answer, and the earliest of each cluster. */
    public static List<MaintenanceMode> look(ExecutionContext context, Collection<Cluster> clusters) {
        Set<String> names = clusters.stream().map(Cluster::name).collect(Collectors.toSet());
        return context
                .sideBySide(hosts(clusters).stream()
                        .<java.util.function.Supplier<ScriptAnswer>>map(h -> () -> look(context, h))
                        .toList())
                .stream()
                .flatMap(a -> read(a).stream())
                .filter(m -> names.contains(m.cluster))
                .collect(Collectors.toMap(MaintenanceMode::cluster, m -> m, (a, b) -> a.since.isAfter(b.since) ? b : a))
                .values()
                .stream()
                .sorted(java.util.Comparator.comparing(MaintenanceMode::cluster))
                .toList();
    }

    /** Returns why roles cannot change now. */
    public Refusal refusal() {
        return new Refusal(
                cluster,
                description() + ": role changes are suspended",
                "holdfast maintenance off " + cluster + " ends the maintenance; --override=" + DecisionCode.MAINTENANCE
                        + " continues anyway",
                ExitCode.REFUSED,
                Optional.of(DecisionCode.MAINTENANCE));
    }
}
