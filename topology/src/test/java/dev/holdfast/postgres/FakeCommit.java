package dev.holdfast.postgres;

import java.time.Instant;

/**
 * One commit in the WAL of pretend servers. A server that received it holds the same object.
 *
 * @param end the LSN at which its record ends
 * @param timeline the timeline on which it was written
 */
public record FakeCommit(int number, long end, int timeline, Instant at) {}
