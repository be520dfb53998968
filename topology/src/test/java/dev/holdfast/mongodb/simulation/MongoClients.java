package dev.holdfast.mongodb.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Clients that write wherever a primary takes writes: every third time with w: 1, and otherwise with w: majority. A session
 * waits with at most one write; of the others, the clients know nothing.
 */
final class MongoClients {

    private static final int SESSIONS = 4;

    private final SimulatedSet set;
    /** The writes that a majority has acknowledged, with the member that did. */
    private final Map<OplogEntry, String> acknowledged = new LinkedHashMap<>();

    private final Map<String, List<OplogEntry>> waiting = new HashMap<>();
    private int written;

    MongoClients(SimulatedSet set) {
        this.set = set;
    }

    /** Returns the writes with w: majority that were acknowledged while only one member was primary. */
    Set<OplogEntry> acknowledged() {
        return acknowledged.keySet();
    }

    void write(Instant now) {
        set.settle(now);
        settle();
        for (ReplicaMember primary : set.members.values()) {
            if (primary.isPrimary && primary.isAlive()) {
                List<OplogEntry> sessions = waiting.computeIfAbsent(primary.name, n -> new ArrayList<>());
                if (sessions.size() < SESSIONS) {
                    OplogEntry entry = set.write(primary, ++written, now);
                    if (written % 3 != 0) {
                        sessions.add(entry);
                    }
                }
            }
        }
        set.settle(now);
        settle();
    }

    /** Acknowledges what a majority has; the sessions of a member that is not primary any more get nothing. */
    private void settle() {
        long committing = set.members.values().stream()
                .filter(m -> m.isPrimary && set.canCommit(m))
                .count();
        for (ReplicaMember member : set.members.values()) {
            List<OplogEntry> sessions = waiting.getOrDefault(member.name, List.of());
            if (sessions.isEmpty() || member.isFrozen()) {
                continue;
            }
            if (!member.isPrimary) {
                sessions.clear();
                continue;
            }
            sessions.removeIf(entry -> {
                int at = member.oplog.lastIndexOf(entry);
                if (at >= 0 && member.committed > at && committing <= 1) {
                    acknowledged.put(entry, member.name);
                }
                return member.committed > at; // also when it was rolled back
            });
        }
    }
}
