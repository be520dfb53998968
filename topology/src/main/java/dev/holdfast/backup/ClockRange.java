package dev.holdfast.backup;

import java.time.Instant;

/**
 * How a cluster's primaries told the time at one moment.
 *
 * @param least what is begun from now on belongs to a time after it
 * @param most what was acknowledged until now belongs to this time or an earlier one
 */
public record ClockRange(Instant least, Instant most) {}
