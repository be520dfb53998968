package dev.holdfast.drill.scenario;

import dev.holdfast.backup.BackupProvider;
import dev.holdfast.backup.ClockRange;
import dev.holdfast.backup.RecoveryTarget;
import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.DrillGroup;
import dev.holdfast.drill.EstateState;
import dev.holdfast.engine.DrillProfile.GroupRole;
import dev.holdfast.model.Node;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The moment that a drill brings back, with the span of the witness's clock in which it lies: what was acknowledged before
 * the span must be in it, what began after the span must not.
 *
 * <p>One cluster is asked for the exact place that it has reached. Several clusters have nothing in common but the time:
 * the beginning of a second that no primary's clock has reached yet, watched until all have passed it.
 */
record ChosenRecoveryTarget(RecoveryTarget moment, long from, long until) {

    private static final Duration AHEAD = Duration.ofSeconds(1);

    /** Absent when a server did not tell. */
    static Optional<ChosenRecoveryTarget> of(DrillContext stage, EstateState seen, List<DrillGroup> sites) {
        return sites.size() == 1 ? place(stage, seen, sites.get(0)) : instant(stage, seen, sites);
    }

    private static Optional<ChosenRecoveryTarget> place(DrillContext stage, EstateState seen, DrillGroup site) {
        long from = stage.witness().now();
        Optional<RecoveryTarget> moment = vault(site).now(stage.world(), site.cluster(), primaries(seen, site));
        long until = stage.witness().now();
        return moment.map(m -> new ChosenRecoveryTarget(m, from, until));
    }

    private static Optional<ChosenRecoveryTarget> instant(
            DrillContext stage, EstateState seen, List<DrillGroup> sites) {
        Optional<ClockRange> first = clocks(stage, seen, sites);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        Instant moment =
                first.get().most().plus(AHEAD).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        long[] span = {-1, -1};
        stage.await(DrillContext.longest(), () -> {
            long before = stage.witness().now();
            Optional<ClockRange> told = clocks(stage, seen, sites);
            long after = stage.witness().now();
            if (told.filter(c -> c.most().isBefore(moment)).isPresent()) {
                span[0] = before;
            }
            boolean isPast = told.filter(c -> c.least().isAfter(moment)).isPresent();
            span[1] = isPast ? after : -1;
            return isPast;
        });
        return span[0] >= 0 && span[1] >= 0
                ? Optional.of(new ChosenRecoveryTarget(new RecoveryTarget.Time(moment), span[0], span[1]))
                : Optional.empty();
    }

    /** Of all clusters together: the slowest clock and the fastest. */
    private static Optional<ClockRange> clocks(DrillContext stage, EstateState seen, List<DrillGroup> sites) {
        List<ClockRange> all = new ArrayList<>();
        for (DrillGroup site : sites) {
            vault(site)
                    .clocks(stage.world(), site.cluster(), primaries(seen, site))
                    .ifPresent(all::add);
        }
        return all.size() < sites.size()
                ? Optional.empty()
                : Optional.of(new ClockRange(
                        all.stream()
                                .map(ClockRange::least)
                                .min(Comparator.naturalOrder())
                                .orElseThrow(),
                        all.stream()
                                .map(ClockRange::most)
                                .max(Comparator.naturalOrder())
                                .orElseThrow()));
    }

    private static List<Node> primaries(EstateState seen, DrillGroup site) {
        return site.rehearsal().groups(GroupRole.DATA).stream()
                .flatMap(g -> seen.primary(site.cluster().name(), g).stream())
                .toList();
    }

    private static BackupProvider vault(DrillGroup site) {
        return PointInTimeRestoreScenario.vault(site).orElseThrow();
    }
}
