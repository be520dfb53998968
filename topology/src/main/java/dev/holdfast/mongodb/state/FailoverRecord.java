package dev.holdfast.mongodb.state;

import java.time.Instant;

/**
 * The record of a forced failover, kept in the directories of survivors and of members that it left behind.
 *
 * @param from the version of the configuration that was replaced
 * @param survivor the member that became primary
 */
public record FailoverRecord(Instant at, long from, String survivor) {

    /** Returns the line for the file; {@link #read} parses it. */
    public String line() {
        return at + " forced failover to " + survivor + " from configuration " + from;
    }

    public static FailoverRecord read(String line) {
        String[] words = line.split(" ");
        return new FailoverRecord(Instant.parse(words[0]), Long.parseLong(words[words.length - 1]), words[4]);
    }
}
