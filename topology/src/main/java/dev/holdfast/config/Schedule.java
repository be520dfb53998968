package dev.holdfast.config;

import dev.holdfast.model.Quantities;
import java.time.Duration;
import java.util.Optional;

/** The interval of a schedule: {@code daily}, or a duration. */
public final class Schedule {

    private Schedule() {}

    public static Optional<Duration> interval(ConfigCursor written) {
        String text = written.text("");
        return switch (text) {
            case "hourly" -> Optional.of(Duration.ofHours(1));
            case "daily" -> Optional.of(Duration.ofDays(1));
            case "weekly" -> Optional.of(Duration.ofDays(7));
            default -> Quantities.span(text);
        };
    }
}
