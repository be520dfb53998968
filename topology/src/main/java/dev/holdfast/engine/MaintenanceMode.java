package dev.holdfast.engine;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A cluster in which an operator has suspended role changes. Each of its hosts has the record, so that every operator's machine
 * knows.
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

    static Optional<MaintenanceMode> read(String line) {
        String[] f = line.split("\t", 3);
        try {
            return Optional.of(new MaintenanceMode(f[0], Instant.parse(f[1]), f[2]));
        } catch (RuntimeException torn) {
            return Optional.empty();
        }
    }

    String line() {
        return cluster + "\t" + since + "\t" + reason;
    }

    /** Returns the description for people. */
    public String description() {
        return cluster + " is in maintenance since " + since + (reason.isEmpty() ? "" : " (" + reason + ")");
    }

    /** Reads the record of each host. */
    static ActionResult look(ExecutionContext context, Host host) {
        return context.ask(new Action.RunScript(
                host, Script.of("host/maintenance-look.sh").with("directory", host.directory()), Access.LOOK, SOON));
    }

    static List<MaintenanceMode> read(ActionResult answer) {
        return answer.isOk()
                ? answer.text().lines().flatMap(l -> read(l).stream()).toList()
                : List.of();
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
                        .<java.util.function.Supplier<ActionResult>>map(h -> () -> look(context, h))
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
                "holdfast maintenance off " + cluster + " ends it; --override=" + DecisionCode.MAINTENANCE
                        + " continues nevertheless",
                ExitCode.REFUSED,
                Optional.of(DecisionCode.MAINTENANCE));
    }
}
