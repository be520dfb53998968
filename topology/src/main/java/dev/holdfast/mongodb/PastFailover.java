package dev.holdfast.mongodb;

import java.time.Instant;

/**
 * A forced failover as it is written down with the members that survived it, and with those that it gave up.
 *
 * @param from the version of the configuration that was given up
 * @param survivor the member that became primary
 */
record PastFailover(Instant at, long from, String survivor) {

    /** The line that is written; {@link #read} understands it. */
    String line() {
        return at + " forced failover to " + survivor + " from configuration " + from;
    }

    static PastFailover read(String line) {
        String[] words = line.split(" ");
        return new PastFailover(Instant.parse(words[0]), Long.parseLong(words[words.length - 1]), words[4]);
    }
}
