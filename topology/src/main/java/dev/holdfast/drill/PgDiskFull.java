package dev.holdfast.drill;

import dev.holdfast.drill.fault.FillDisk;
import dev.holdfast.engine.Rehearsal.Part;
import java.time.Duration;
import java.util.List;

/** A PostgreSQL primary's disk is full. */
public final class PgDiskFull {

    private PgDiskFull() {}

    public static Drill drill() {
        return new Drill(
                "pg-disk-full",
                "The file system under the primary is full to the last block: writes are refused, nothing that was acknowledged is lost, and service comes back with the room. Only on a small file system of its own; on a large one it is refused.",
                Target.of("postgresql", Part.DATA),
                new Breakage(List.of(Strike.of(new FillDisk(), Aim.PRIMARY)), Recovery.BY_MEND, Duration.ofSeconds(10)),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "served-again",
                        "loss-within-objective",
                        "others-untouched",
                        "ends-whole"),
                List.of("a disk that fails rather than fills"));
    }
}
