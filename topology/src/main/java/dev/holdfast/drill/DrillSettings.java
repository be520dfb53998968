package dev.holdfast.drill;

import dev.holdfast.plan.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The preconditions of a drill, and the limits at which it is ended early.
 *
 * @param rate writes per second and stream; absent: the engine's default
 * @param lag the greatest allowed lag of a replica
 * @param freeBytes the bytes that must be free on every host
 * @param backup the greatest allowed age of the newest backup; absent: depends on the environment
 * @param othersSilent how long clients outside the fault can be without an acknowledgement before the drill ends
 * @param own the user's own writes, by cluster
 * @param invariants the invariants of the user's own data afterwards
 */
public record DrillSettings(
        OptionalInt rate,
        Duration lag,
        long freeBytes,
        Optional<Duration> backup,
        Duration othersSilent,
        Map<String, Workload.Own> own,
        List<Invariant> invariants) {

    public static final DrillSettings USUAL = new DrillSettings(
            OptionalInt.empty(),
            Duration.ofSeconds(10),
            1L << 30,
            Optional.empty(),
            Duration.ofSeconds(30),
            Map.of(),
            List.of());
}
