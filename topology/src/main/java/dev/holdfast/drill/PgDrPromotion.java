package dev.holdfast.drill;

import dev.holdfast.engine.Rehearsal.Part;
import java.util.List;

/** A PostgreSQL cluster loses the region of its primary, goes on in another, and comes home. */
public final class PgDrPromotion {

    private PgDrPromotion() {}

    public static Drill drill() {
        return new Drill(
                "pg-dr-promotion",
                "Primary and standbys of one region end at once; the disaster-recovery copy is promoted, losing no more than was told before, and the role goes home when the region is back.",
                Target.of("postgresql", Part.DATA),
                new RegionLoss(),
                List.of(
                        "nothing-invented",
                        "took-effect",
                        "recovered-in-time",
                        "loss-within-bound",
                        "came-home",
                        "phases-add-up",
                        "others-untouched",
                        "ends-whole"),
                List.of(
                        "the RPO: a region may cost what its asynchronous copy had not received",
                        "a region whose hosts are lost with their disks, or that is cut off but lives"));
    }
}
