package dev.holdfast.engine;

import dev.holdfast.model.Amounts;
import java.time.Duration;
import java.util.Optional;

/** How often something is done: {@code daily}, or a duration. */
public final class Schedule {

    private Schedule() {}

    public static Optional<Duration> interval(Object written) {
        return switch (String.valueOf(written)) {
            case "hourly" -> Optional.of(Duration.ofHours(1));
            case "daily" -> Optional.of(Duration.ofDays(1));
            case "weekly" -> Optional.of(Duration.ofDays(7));
            default -> Amounts.span(String.valueOf(written));
        };
    }
}
