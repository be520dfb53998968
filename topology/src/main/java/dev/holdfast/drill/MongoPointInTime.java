package dev.holdfast.drill;

import dev.holdfast.engine.Rehearsal.Part;
import java.util.List;

/** A cluster time of all sets of a MongoDB cluster is brought back while clients write. */
public final class MongoPointInTime {

    private MongoPointInTime() {}

    public static Drill drill() {
        return new Drill(
                "mongo-pitr",
                "A moment between two acknowledged writes is brought back beside the running servers, on every shard the "
                        + "same: the one write is there, the next is not.",
                Target.of("mongodb", Part.DATA),
                new PointInTime(),
                PointInTime.CLAIMS,
                List.of("a restore in place, or into other hosts", "a moment long ago", "a repository that is slow"));
    }
}
