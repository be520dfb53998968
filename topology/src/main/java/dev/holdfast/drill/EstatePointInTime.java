package dev.holdfast.drill;

import java.util.List;

/** All clusters of an estate, of either engine, are brought back to the same instant while clients write to all of them. */
public final class EstatePointInTime {

    private EstatePointInTime() {}

    public static Drill drill() {
        return new Drill(
                "estate-pitr",
                "Every cluster of the estate is brought back beside the running servers to the same instant: what was "
                        + "acknowledged before it is there, what began after it is not.",
                Target.ESTATE,
                new PointInTime(),
                PointInTime.CLAIMS,
                List.of(
                        "a restore in place, or into other hosts",
                        "a moment long ago",
                        "machines whose clocks differ: the instant waits for all of them, and is as wide as they differ"));
    }
}
