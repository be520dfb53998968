package dev.holdfast.drill;

import dev.holdfast.engine.Rehearsal.Part;
import java.util.List;

/** A moment of a PostgreSQL cluster is brought back while clients write. */
public final class PgPointInTime {

    private PgPointInTime() {}

    public static Drill drill() {
        return new Drill(
                "pg-pitr",
                "A moment between two acknowledged writes is brought back beside the running servers: the one is there, "
                        + "the next is not.",
                Target.of("postgresql", Part.DATA),
                new PointInTime(),
                PointInTime.CLAIMS,
                List.of("a restore in place, or into other hosts", "a moment long ago", "a repository that is slow"));
    }
}
