package dev.holdfast.drill;

import dev.holdfast.plan.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Under which circumstances a drill is begun, and when it is broken off.
 *
 * @param rate writes per second and stream; absent leaves what the engine thinks usual
 * @param lag how far a copy may be behind its primary
 * @param freeBytes how much room must be left on every host
 * @param backup how old the newest backup may be; absent leaves it to the environment
 * @param othersSilent how long clients that are not meant to feel anything may be silent before the drill is broken off
 * @param own what is written besides, by cluster
 * @param invariants what must be true of the user's own data afterwards
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
