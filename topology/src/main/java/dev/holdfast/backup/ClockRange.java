package dev.holdfast.backup;

import java.time.Instant;

/**
 * The range that contains the clocks of a cluster's primaries at one time.
 *
 * @param least writes begun from now on have a later time
 * @param most writes acknowledged until now have this time or an earlier one
 */
public record ClockRange(Instant least, Instant most) {}
