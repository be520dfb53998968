package dev.holdfast.preflight;

/**
 * How many connections between hosts have which result.
 *
 * @param connected a server listens and was reached
 * @param refused the other host was reached, and nothing listens on the port yet
 * @param blocked no answer came, although the other host answers to Holdfast
 * @param untested the result is not known
 */
public record ConnectionCounts(int connected, int refused, int blocked, int untested) {}
