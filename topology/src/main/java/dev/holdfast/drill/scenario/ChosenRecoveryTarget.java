package dev.holdfast.drill.scenario;

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
 * The recovery target of a drill, with the span of the load generator's clock that contains it. Writes acknowledged before
 * the span must be restored, and writes that began after the span must not.
 *
 * <p>For one cluster, the servers return the exact position. Several clusters have only the time in common: the drill uses the
 * start of a second that no primary's clock has reached yet, and waits until all clocks have passed it.
 */
record ChosenRecoveryTarget(RecoveryTarget moment, long from, long until) {

    private static final Duration AHEAD = Duration.ofSeconds(1);

    /** Returns the recovery target; absent when a server did not report its position. */
    static Optional<ChosenRecoveryTarget> of(
            DrillContext drillContext, EstateState state, List<DrillGroup> drillGroups) {
        return drillGroups.size() == 1
                ? place(drillContext, state, drillGroups.get(0))
                : instant(drillContext, state, drillGroups);
    }

    private static Optional<ChosenRecoveryTarget> place(
            DrillContext drillContext, EstateState state, DrillGroup drillGroup) {
        long from = drillContext.loadGenerator().now();
        Optional<RecoveryTarget> moment = drillGroup
                .backups()
                .orElseThrow()
                .now(drillContext.context(), drillGroup.cluster(), primaries(state, drillGroup));
        long until = drillContext.loadGenerator().now();
        return moment.map(m -> new ChosenRecoveryTarget(m, from, until));
    }

    private static Optional<ChosenRecoveryTarget> instant(
            DrillContext drillContext, EstateState state, List<DrillGroup> drillGroups) {
        Optional<ClockRange> first = clocks(drillContext, state, drillGroups);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        Instant moment =
                first.get().most().plus(AHEAD).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        long[] span = {-1, -1};
        drillContext.await(DrillContext.longest(), () -> {
            long before = drillContext.loadGenerator().now();
            Optional<ClockRange> range = clocks(drillContext, state, drillGroups);
            long after = drillContext.loadGenerator().now();
            if (range.filter(c -> c.most().isBefore(moment)).isPresent()) {
                span[0] = before;
            }
            boolean isPast = range.filter(c -> c.least().isAfter(moment)).isPresent();
            span[1] = isPast ? after : -1;
            return isPast;
        });
        return span[0] >= 0 && span[1] >= 0
                ? Optional.of(new ChosenRecoveryTarget(new RecoveryTarget.Time(moment), span[0], span[1]))
                : Optional.empty();
    }

    /** Returns the clock range of all clusters: the slowest clock and the fastest. */
    private static Optional<ClockRange> clocks(
            DrillContext drillContext, EstateState state, List<DrillGroup> drillGroups) {
        List<ClockRange> all = new ArrayList<>();
        for (DrillGroup drillGroup : drillGroups) {
            drillGroup
                    .backups()
                    .orElseThrow()
                    .clocks(drillContext.context(), drillGroup.cluster(), primaries(state, drillGroup))
                    .ifPresent(all::add);
        }
        return all.size() < drillGroups.size()
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

    private static List<Node> primaries(EstateState state, DrillGroup drillGroup) {
        return drillGroup.drillProfile().groups(GroupRole.DATA).stream()
                .flatMap(g -> state.primary(drillGroup.cluster().name(), g).stream())
                .toList();
    }
}
