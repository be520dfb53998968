package dev.holdfast.engine;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A cluster whose roles a person has asked not to change for the time being; on record on each of its hosts, so that every
 * operator's machine knows.
 */
public record Maintenance(String cluster, Instant since, String reason) {

    /** What a person overrides the refusal with. */
    public static final String OVERRIDE = "maintenance";

    private static final Duration SOON = Duration.ofSeconds(5);

    /** @param reason in a person's words; what would break a line is left out */
    public static Maintenance of(String cluster, Instant now, String reason) {
        return new Maintenance(
                cluster,
                now.truncatedTo(ChronoUnit.SECONDS),
                reason.replaceAll("\\p{Cntrl}+", " ").strip());
    }

    static Optional<Maintenance> read(String line) {
        String[] f = line.split("\t", 3);
        try {
            return Optional.of(new Maintenance(f[0], Instant.parse(f[1]), f[2]));
        } catch (RuntimeException torn) {
            return Optional.empty();
        }
    }

    String line() {
        return cluster + "\t" + since + "\t" + reason;
    }

    /** For people. */
    public String told() {
        return cluster + " is in maintenance since " + since + (reason.isEmpty() ? "" : " (" + reason + ")");
    }

    /** What each host's record says. */
    static Answer look(World world, Host host) {
        return world.ask(new Action.Exec(
                host, Script.of("host/maintenance-look.sh").with("directory", host.directory()), Intent.LOOK, SOON));
    }

    static List<Maintenance> read(Answer answer) {
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

    /** All that is on record for these clusters on any of their hosts that answers, the earliest of each. */
    public static List<Maintenance> look(World world, Collection<Cluster> clusters) {
        Set<String> names = clusters.stream().map(Cluster::name).collect(Collectors.toSet());
        return world
                .sideBySide(hosts(clusters).stream()
                        .<java.util.function.Supplier<Answer>>map(h -> () -> look(world, h))
                        .toList())
                .stream()
                .flatMap(a -> read(a).stream())
                .filter(m -> names.contains(m.cluster))
                .collect(Collectors.toMap(Maintenance::cluster, m -> m, (a, b) -> a.since.isAfter(b.since) ? b : a))
                .values()
                .stream()
                .sorted(java.util.Comparator.comparing(Maintenance::cluster))
                .toList();
    }

    /** Why roles may not be changed now. */
    public Refusal refusal() {
        return new Refusal(
                cluster,
                told() + ": roles are not changed",
                "holdfast maintenance off " + cluster + " ends it; --override=" + OVERRIDE + " goes on nevertheless");
    }
}
