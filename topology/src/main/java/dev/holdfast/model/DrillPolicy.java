package dev.holdfast.model;

import java.time.Duration;
import java.util.List;

/**
 * What a topology says of drills.
 *
 * @param enrolled the drills that may be run though the estate is production
 * @param overdue after how long a drill that was not run again is told as overdue
 */
public record DrillPolicy(List<String> enrolled, Duration overdue) {

    public static final DrillPolicy USUAL = new DrillPolicy(List.of(), Duration.ofDays(90));

    public DrillPolicy {
        enrolled = List.copyOf(enrolled);
    }
}
