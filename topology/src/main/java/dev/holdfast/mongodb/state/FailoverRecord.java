package dev.holdfast.mongodb.state;

import java.time.Instant;
import java.util.Optional;

/**
 * The record of a forced failover, kept in the directories of survivors and of members that it left behind.
 *
 * @param from the version of the configuration that was replaced
 * @param survivor the member that became primary
 * @param term the last term in which both sides are known to have the same operations; UNKNOWN if a former version wrote the record
 */
public record FailoverRecord(Instant at, long from, String survivor, long term) {

    public static final long UNKNOWN = -1;

    private static final String VERB = " forced failover to ";

    /** Returns the line for the file; {@link #read} parses it. */
    public String line() {
        return at + VERB + survivor + " from configuration " + from + (term == UNKNOWN ? "" : " in term " + term);
    }

    public static FailoverRecord read(String line) {
        String[] words = line.split(" ");
        long term = words.length > 10 ? Long.parseLong(words[10]) : UNKNOWN;
        return new FailoverRecord(Instant.parse(words[0]), Long.parseLong(words[7]), words[4], term);
    }

    /** Returns the failover that has fenced a member; empty if the fence has another reason. */
    static Optional<FailoverRecord> of(String fence) {
        return fence.contains(VERB) ? Optional.of(read(fence)) : Optional.empty();
    }
}
