package dev.holdfast.drill;

import java.time.Duration;
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
 */
public record Circumstances(
        OptionalInt rate, Duration lag, long freeBytes, Optional<Duration> backup, Duration othersSilent) {

    public static final Circumstances USUAL = new Circumstances(
            OptionalInt.empty(), Duration.ofSeconds(10), 1L << 30, Optional.empty(), Duration.ofSeconds(30));
}
