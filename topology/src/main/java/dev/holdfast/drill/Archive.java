package dev.holdfast.drill;

import dev.holdfast.drill.fault.Victim;
import java.util.List;

/** What it takes to see whether a log is archived: something must be there to archive. */
final class Archive {

    private Archive() {}

    static void newSegment(Stage stage) {
        Sight seen = stage.scene().look(stage.world());
        for (Site site : stage.scene().sites()) {
            site.rehearsal()
                    .newSegment(seen.of(site), site.group())
                    .map(stage.world()::ask)
                    .filter(a -> !a.isOk())
                    .ifPresent(a -> stage.note("a new segment of the log was refused: " + a.sentence()));
        }
    }

    /** After the mend: waits until segments are archived, and tells it. */
    static void seeAgain(Stage stage, Strike strike) {
        List<Victim> victims = strike.victims(stage.scene(), stage.look());
        newSegment(stage);
        boolean again = stage.await(
                Stage.longest(),
                () -> victims.stream().noneMatch(v -> stage.breaks().isSeen(strike.fault(), v)));
        stage.mark(again ? "archiving" : "not archiving", strike.whom().sentence());
    }
}
