package dev.holdfast.drill;

import dev.holdfast.drill.fault.AffectedNode;
import java.util.List;

/** What it takes to see whether a log is archived: something must be there to archive. */
public final class ArchiveProbe {

    private ArchiveProbe() {}

    public static void newSegment(DrillContext stage) {
        EstateState seen = stage.scene().look(stage.world());
        for (DrillGroup site : stage.scene().sites()) {
            site.rehearsal()
                    .newSegment(seen.of(site), site.group())
                    .map(stage.world()::ask)
                    .filter(a -> !a.isOk())
                    .ifPresent(a -> stage.note("a new segment of the log was refused: " + a.sentence()));
        }
    }

    /** After the mend: waits until segments are archived, and tells it. */
    public static void seeAgain(DrillContext stage, FaultInjection strike) {
        List<AffectedNode> victims = strike.victims(stage.scene(), stage.look());
        newSegment(stage);
        boolean again = stage.await(
                DrillContext.longest(),
                () -> victims.stream().noneMatch(v -> stage.breaks().isSeen(strike.fault(), v)));
        stage.mark(again ? "archiving" : "not archiving", strike.whom().sentence());
    }
}
