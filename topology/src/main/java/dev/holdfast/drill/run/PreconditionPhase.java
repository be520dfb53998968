package dev.holdfast.drill.run;

import dev.holdfast.backup.BackupInventory;
import dev.holdfast.backup.BackupProvider;
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
 * The first phase of a drill: what must be so before anything is broken on purpose. That nobody else is at work is the
 * estate's lock, which is held from before the first look.
 *
 * @param enrolled the drills that the topology allows in production
 * @param vaults how a cluster's backups are asked for; empty where the engine has none
 */
public record PreconditionPhase(List<String> enrolled, Function<Cluster, Optional<BackupProvider>> vaults) {

    private static final Duration BACKUP = Duration.ofDays(8);

    /** Empty when the drill may begin; each refusal names its gate. */
    List<Refusal> refusals(DrillContext drillContext, EstateState state) {
        List<Refusal> all = new ArrayList<>();
        environment(drillContext, all);
        maintenance(drillContext, all);
        healthy(drillContext, state, all);
        if (all.isEmpty()) {
            lag(drillContext, state, all);
            settled(drillContext, all);
            reverted(drillContext, all);
            disk(drillContext, all);
            backup(drillContext, all);
        }
        if (all.isEmpty()) {
            all.addAll(drillContext.drill().course().refusals(drillContext, state));
        }
        return all;
    }

    private void environment(DrillContext drillContext, List<Refusal> all) {
        String drill = drillContext.drill().name();
        boolean isProduction = drillContext.scope().topology().environment() == Environment.PRODUCTION;
        if (isProduction && !enrolled.contains(drill)) {
            all.add(new Refusal(
                    drillContext.scope().topology().name(),
                    "gate environment: it is production, and the topology does not enrol it for " + drill,
                    "drill a copy of the estate whose environment is lab or staging, or write " + drill
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
                        "holdfast maintenance off " + m.cluster() + " ends it")));
    }

    private static void healthy(DrillContext drillContext, EstateState state, List<Refusal> all) {
        state.complaints()
                .forEach(c -> all.add(new Refusal(
                        drillContext.scope().name(),
                        "gate healthy: " + c,
                        "holdfast status, then apply; drill what is whole")));
    }

    private static void lag(DrillContext drillContext, EstateState state, List<Refusal> all) {
        double most = drillContext.drill().circumstances().lag().toMillis() / 1e3;
        state.clusters().values().stream().flatMap(o -> o.nodes().stream()).forEach((NodeStatus o) -> {
            if (o.fact("lag_seconds").orElse("") instanceof Number lag && lag.doubleValue() > most) {
                all.add(new Refusal(
                        o.node().id(),
                        "gate lag: it is " + lag + " s behind its primary, at most " + most + " s are allowed",
                        "wait until it has caught up; holdfast status shows it"));
            }
        });
    }

    private static void settled(DrillContext drillContext, List<Refusal> all) {
        for (DrillGroup site : drillContext.scope().clusters()) {
            Runbook<?> runbook = site.engine().provision(site.topology(), site.cluster());
            List<Runbook.Planned> planned = runbook.plan(drillContext.context());
            long steps = planned.stream()
                    .mapToLong(
                            p -> p.plan().steps().size() + p.plan().refusals().size())
                    .sum();
            planned.stream()
                    .flatMap(p -> p.plan().missing().stream())
                    .forEach(m -> all.add(new Refusal(m.where(), "gate settled: " + m.what(), m.hint(), m.exit())));
            if (steps > 0) {
                all.add(new Refusal(
                        site.cluster().name(),
                        "gate settled: the plan has " + steps + " steps, wanted 0",
                        "holdfast apply first"));
            }
        }
    }

    private void reverted(DrillContext drillContext, List<Refusal> all) {
        HostFaults.Records records =
                drillContext.breaks().recorded(drillContext.scope().topology());
        records.all()
                .forEach(r -> all.add(new Refusal(
                        r.host().name(),
                        "gate mended: " + r.story() + " is still on record",
                        "holdfast drill cleanup")));
        Map<String, String> unreached = new TreeMap<>(records.unreached());
        List<Cluster> clusters = drillContext.scope().clusters().stream()
                .map(DrillGroup::cluster)
                .toList();
        LeftoverRestores.Observed leftovers =
                new LeftoverRestores(drillContext.scope().topology(), vaults).look(drillContext.context(), clusters);
        leftovers
                .left()
                .forEach(l -> all.add(new Refusal(
                        l.cluster().name(),
                        "gate mended: an earlier drill has left " + l.story(),
                        "holdfast drill cleanup")));
        unreached.putAll(leftovers.unreached());
        unreached.forEach((host, why) -> all.add(new Refusal(
                host,
                "gate mended: the host does not answer, so it is not known what earlier drills have left there: " + why,
                "make the host answer, then run the drill again",
                ExitCode.UNREACHABLE)));
    }

    private static void disk(DrillContext drillContext, List<Refusal> all) {
        long least = drillContext.drill().circumstances().freeBytes();
        drillContext.breaks().freeSpace(drillContext.scope().topology()).forEach((host, free) -> {
            if (free < least) {
                all.add(new Refusal(
                        host,
                        "gate disk: " + (free >> 20) + " MiB are free under the estate's folder, at least "
                                + (least >> 20) + " MiB are wanted",
                        "make room, or ask for less under gates: disk: in a drill file"));
            }
        });
    }

    /** A lab may be drilled without a backup unless its drill asks for one; it is made anew by apply. */
    private void backup(DrillContext drillContext, List<Refusal> all) {
        boolean isLab = drillContext.scope().topology().environment() == Environment.LAB;
        Optional<Duration> asked = drillContext.drill().circumstances().backup();
        for (DrillGroup site : drillContext.scope().clusters()) {
            boolean desired =
                    asked.isPresent() || !isLab && site.cluster().precaution().isPresent();
            if (desired) {
                backup(drillContext, site, asked.orElse(BACKUP), all);
            }
        }
    }

    private void backup(DrillContext drillContext, DrillGroup site, Duration most, List<Refusal> all) {
        String where = site.cluster().name();
        Optional<BackupProvider> vault = vaults.apply(site.cluster());
        Optional<Instant> newest = vault.flatMap(
                v -> v.holdings(drillContext.context(), site.topology(), site.cluster()).backups().stream()
                        .map(BackupInventory.Backup::stopped)
                        .max(Instant::compareTo));
        Instant oldest = drillContext.context().now().minus(most);
        if (newest.isEmpty() || newest.get().isBefore(oldest)) {
            all.add(new Refusal(
                    where,
                    "gate backup: the newest backup is "
                            + newest.map(n -> "of " + n).orElse("not there") + ", wanted one that is at most "
                            + most.toHours() + " h old",
                    "holdfast backup run " + where));
        }
    }
}
