package dev.holdfast.drill.run;

import dev.holdfast.backup.BackupInventory;
import dev.holdfast.backup.BackupProvider;
import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.DrillGroup;
import dev.holdfast.drill.EstateState;
import dev.holdfast.drill.fault.HostFaults;
import dev.holdfast.drill.scenario.LeftoverRestores;
import dev.holdfast.engine.MaintenanceMode;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Environment;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The first phase of a drill: the preconditions. The estate's lock, held since before the first observation, excludes other
 * runs.
 *
 * @param enrolled the drills that the topology allows in production
 * @param providers returns a cluster's backup provider; empty when the engine has none
 */
public record PreconditionPhase(List<String> enrolled, Function<Cluster, Optional<BackupProvider>> providers) {

    private static final Duration BACKUP = Duration.ofDays(8);

    /** Returns the refusals, each with its precondition; empty when the drill can begin. */
    List<Refusal> refusals(Drill drill, DrillContext drillContext, EstateState state) {
        List<Refusal> all = new ArrayList<>();
        environment(drill, drillContext, all);
        maintenance(drillContext, all);
        healthy(drillContext, state, all);
        if (all.isEmpty()) {
            lag(drill, drillContext, state, all);
            converged(drillContext, all);
            reverted(drillContext, all);
            disk(drill, drillContext, all);
            backup(drill, drillContext, all);
        }
        if (all.isEmpty()) {
            all.addAll(drill.scenario().refusals(drillContext, state));
        }
        return all;
    }

    private void environment(Drill drill, DrillContext drillContext, List<Refusal> all) {
        String name = drill.name();
        boolean isProduction = drillContext.scope().topology().environment() == Environment.PRODUCTION;
        if (isProduction && !enrolled.contains(name)) {
            all.add(new Refusal(
                    drillContext.scope().topology().name(),
                    "gate environment: this is production, and the topology does not enrol the drill " + name,
                    "run the drill on a lab or staging copy of the estate, or add " + name
                            + " under drills: enrolled: in the topology"));
        }
    }

    private static void maintenance(DrillContext drillContext, List<Refusal> all) {
        List<Cluster> clusters = drillContext.scope().clusters().stream()
                .map(DrillGroup::cluster)
                .toList();
        MaintenanceMode.look(drillContext.context(), clusters)
                .forEach(m -> all.add(new Refusal(
                        m.cluster(),
                        "gate maintenance: " + m.description(),
                        "holdfast maintenance off " + m.cluster() + " ends the maintenance")));
    }

    private static void healthy(DrillContext drillContext, EstateState state, List<Refusal> all) {
        state.problems()
                .forEach(c -> all.add(new Refusal(
                        drillContext.scope().name(),
                        "gate healthy: " + c,
                        "holdfast status, then holdfast apply; a drill needs a healthy estate")));
    }

    private static void lag(Drill drill, DrillContext drillContext, EstateState state, List<Refusal> all) {
        double most = drill.circumstances().lag().toMillis() / 1e3;
        state.clusters().values().stream().flatMap(o -> o.nodes().stream()).forEach((NodeStatus o) -> {
            if (o.fact("lag_seconds").orElse("") instanceof Number lag && lag.doubleValue() > most) {
                all.add(new Refusal(
                        o.node().id(),
                        "gate lag: the node is " + lag + " s behind its primary, the limit is " + most + " s",
                        "wait until the node has caught up; holdfast status shows the lag"));
            }
        });
    }

    private static void converged(DrillContext drillContext, List<Refusal> all) {
        for (DrillGroup drillGroup : drillContext.scope().clusters()) {
            Runbook<?> runbook = drillGroup.engine().provision(drillGroup.topology(), drillGroup.cluster());
            List<Runbook.Planned> planned = runbook.plan(drillContext.context());
            long steps = planned.stream()
                    .mapToLong(
                            p -> p.plan().steps().size() + p.plan().refusals().size())
                    .sum();
            planned.stream()
                    .flatMap(p -> p.plan().missing().stream())
                    .forEach(m -> all.add(new Refusal(m.where(), "gate converged: " + m.what(), m.hint(), m.exit())));
            if (steps > 0) {
                all.add(new Refusal(
                        drillGroup.cluster().name(),
                        "gate converged: the plan has " + steps + " steps, desired 0",
                        "run holdfast apply first"));
            }
        }
    }

    private void reverted(DrillContext drillContext, List<Refusal> all) {
        HostFaults.Records records =
                drillContext.breaks().recorded(drillContext.scope().topology());
        records.all()
                .forEach(r -> all.add(new Refusal(
                        r.host().name(),
                        "gate reverted: " + r.description() + " is still recorded as active",
                        "holdfast drill cleanup")));
        Map<String, String> unreached = new TreeMap<>(records.unreached());
        List<Cluster> clusters = drillContext.scope().clusters().stream()
                .map(DrillGroup::cluster)
                .toList();
        LeftoverRestores.Observed leftovers =
                new LeftoverRestores(drillContext.scope().topology(), providers).look(drillContext.context(), clusters);
        leftovers
                .left()
                .forEach(l -> all.add(new Refusal(
                        l.cluster().name(),
                        "gate reverted: an earlier drill has left " + l.description(),
                        "holdfast drill cleanup")));
        unreached.putAll(leftovers.unreached());
        unreached.forEach((host, why) -> all.add(new Refusal(
                host,
                "gate reverted: the host does not answer, so Holdfast does not know what earlier drills have left there: "
                        + why,
                "make the host answer, then run the drill again",
                ExitCode.UNREACHABLE)));
    }

    private static void disk(Drill drill, DrillContext drillContext, List<Refusal> all) {
        long least = drill.circumstances().freeBytes();
        drillContext.breaks().freeSpace(drillContext.scope().topology()).forEach((host, free) -> {
            if (free < least) {
                all.add(new Refusal(
                        host,
                        "gate disk: " + (free >> 20) + " MiB are free in the estate's directory, the minimum is "
                                + (least >> 20) + " MiB",
                        "free disk space, or lower gates: disk: in a drill file"));
            }
        });
    }

    /** A drill in a lab needs no backup unless it requires one: apply creates a lab again. */
    private void backup(Drill drill, DrillContext drillContext, List<Refusal> all) {
        boolean isLab = drillContext.scope().topology().environment() == Environment.LAB;
        Optional<Duration> asked = drill.circumstances().backup();
        for (DrillGroup drillGroup : drillContext.scope().clusters()) {
            boolean desired = asked.isPresent()
                    || !isLab && drillGroup.cluster().precaution().isPresent();
            if (desired) {
                backup(drillContext, drillGroup, asked.orElse(BACKUP), all);
            }
        }
    }

    private void backup(DrillContext drillContext, DrillGroup drillGroup, Duration most, List<Refusal> all) {
        String where = drillGroup.cluster().name();
        Optional<BackupProvider> provider = providers.apply(drillGroup.cluster());
        Optional<Instant> newest = provider.flatMap(
                v -> v.inventory(drillContext.context(), drillGroup.topology(), drillGroup.cluster()).backups().stream()
                        .map(BackupInventory.Backup::stopped)
                        .max(Instant::compareTo));
        Instant oldest = drillContext.context().now().minus(most);
        if (newest.isEmpty() || newest.get().isBefore(oldest)) {
            all.add(new Refusal(
                    where,
                    "gate backup: the newest backup is "
                            + newest.map(n -> "from " + n).orElse("missing") + ", the limit is "
                            + most.toHours() + " h of age",
                    "holdfast backup run " + where));
        }
    }
}
