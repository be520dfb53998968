package dev.holdfast.mongodb.state;

import java.time.Instant;

/**
 * A forced failover as it is written down with the members that survived it, and with those that it gave up.
 *
 * @param from the version of the configuration that was given up
 * @param survivor the member that became primary
 */
public record FailoverRecord(Instant at, long from, String survivor) {

    /** The line that is written; {@link #read} understands it. */
    public String line() {
        return at + " forced failover to " + survivor + " from configuration " + from;
    }

    public static FailoverRecord read(String line) {
        String[] words = line.split(" ");
        return new FailoverRecord(Instant.parse(words[0]), Long.parseLong(words[words.length - 1]), words[4]);
    }
}
