package dev.holdfast.drill;

import dev.holdfast.drill.fault.AffectedNode;
import java.util.List;

/** What it takes to see whether a log is archived: something must be there to archive. */
public final class ArchiveProbe {

    private ArchiveProbe() {}

    public static void newSegment(DrillContext drillContext) {
        EstateState state = drillContext.scope().look(drillContext.context());
        for (DrillGroup site : drillContext.scope().sites()) {
            site.rehearsal()
                    .newSegment(state.of(site), site.group())
                    .map(drillContext.context()::ask)
                    .filter(a -> !a.isOk())
                    .ifPresent(a -> drillContext.note("a new segment of the log was refused: " + a.sentence()));
        }
    }

    /** After the mend: waits until segments are archived, and tells it. */
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
