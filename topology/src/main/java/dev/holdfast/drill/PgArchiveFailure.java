package dev.holdfast.drill;

import dev.holdfast.drill.fault.BreakArchive;
import dev.holdfast.engine.Rehearsal.Part;
import java.time.Duration;
import java.util.List;

/** A PostgreSQL primary can archive no segment for a while. */
public final class PgArchiveFailure {

    private PgArchiveFailure() {}

    public static Drill drill() {
        return new Drill(
                "pg-archive-failure",
                "The primary's archive command fails: clients must not notice, segments are kept, and all are archived once it is mended.",
                Target.of("postgresql", Part.DATA),
                new Breakage(
                        List.of(Strike.of(new BreakArchive(), Aim.PRIMARY)), Recovery.BY_ITSELF, Duration.ofSeconds(5)),
                List.of(
                        "nothing-lost",
                        "nothing-invented",
                        "took-effect",
                        "carried-on",
                        "archives-again",
                        "loss-within-objective",
                        "ends-whole"),
                List.of(
                        "an archive that fails until the disk is full",
                        "a repository that takes segments and loses them"));
    }
}
