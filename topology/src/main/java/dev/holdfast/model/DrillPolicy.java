package dev.holdfast.model;

import java.time.Duration;
import java.util.List;

/**
 * The drill policy of a topology: the drills allowed in production, and when a drill is overdue.
 *
 * @param enrolled the drills that may run in a production estate
 * @param overdue the time after which a drill that was not run again is overdue
 */
public record DrillPolicy(List<String> enrolled, Duration overdue) {

    public static final DrillPolicy USUAL = new DrillPolicy(List.of(), Duration.ofDays(90));

    public DrillPolicy {
        enrolled = List.copyOf(enrolled);
    }
}
