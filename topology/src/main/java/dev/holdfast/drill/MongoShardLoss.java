package dev.holdfast.drill;

import dev.holdfast.drill.fault.Kill;
import dev.holdfast.engine.Rehearsal.Part;
import java.time.Duration;
import java.util.List;

/** A sharded cluster loses a whole shard. */
public final class MongoShardLoss {

    private MongoShardLoss() {}

    public static Drill drill() {
        return new Drill(
                "mongo-shard-loss",
                "Every member of one shard ends at once: only its data are out of reach, and the other shards go on.",
                Target.of("mongodb", Part.DATA),
                new Breakage(
                        List.of(Strike.of(new Kill(), Aim.EVERY_MEMBER)), Recovery.BY_MEND, Duration.ofSeconds(10)),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "recovered-in-time",
                        "loss-within-objective",
                        "phases-add-up",
                        "others-untouched",
                        "ends-whole"),
                List.of("queries that ask all shards at once", "the loss of the shard's disks"));
    }
}
