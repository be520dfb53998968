package dev.holdfast.drill;

import dev.holdfast.drill.fault.AffectedNode;
import java.util.List;

/** Observes whether WAL is archived, which requires a segment to archive. */
public final class ArchiveProbe {

    private ArchiveProbe() {}

    public static void newSegment(DrillContext drillContext) {
        EstateState state = drillContext.scope().look(drillContext.context());
        for (DrillGroup drillGroup : drillContext.scope().drillGroups()) {
            drillGroup
                    .drillProfile()
                    .newSegment(state.of(drillGroup), drillGroup.group())
                    .map(drillContext.context()::ask)
                    .filter(a -> !a.isOk())
                    .ifPresent(a -> drillContext.note("the switch to a new WAL segment was refused: " + a.sentence()));
        }
    }

    /** Waits after the revert until segments are archived, and records the result. */
    public static void seeAgain(DrillContext drillContext, FaultInjection injection) {
        List<AffectedNode> affectedNodes = injection.affectedNodes(drillContext.scope(), drillContext.look());
        newSegment(drillContext);
        boolean again = drillContext.await(
                DrillContext.longest(),
                () -> affectedNodes.stream().allMatch(v -> drillContext.breaks().isGone(injection.fault(), v)));
        drillContext.mark(
                again ? "archiving" : "not archiving", injection.target().sentence());
    }
}
