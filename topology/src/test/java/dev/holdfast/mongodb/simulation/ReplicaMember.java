package dev.holdfast.mongodb.simulation;

import dev.holdfast.mongodb.FakeServer;
import dev.holdfast.mongodb.value.OpTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One member of a simulated replica set: its process, its data, and what is in its directory. */
final class ReplicaMember {

    final String name;
    final String endpoint;
    final String directory;
    final boolean isArbiter;
    private final Map<String, FakeServer> servers;

    // ---- on disk

    /** Null until it belongs to a set. */
    MemberConfig config;

    long term;
    List<OplogEntry> oplog = new ArrayList<>();
    /** The number of its operations of which it knows that a majority has them. */
    int committed;
    /** The greatest term in its log, which stays when its data is lost. */
    long loggedTerm;
    /** Operations in rollback files in its data. */
    final List<OplogEntry> rolledBack = new ArrayList<>();
    /** Operations that were moved out of its data and are kept in its directory. */
    final List<OplogEntry> kept = new ArrayList<>();

    final List<String> failovers = new ArrayList<>();
    /** Null while it has no data. */
    Instant written;

    // ---- in memory

    boolean isPrimary;
    /** Whether it copies all data. */
    boolean isSyncing;

    Instant since = Instant.EPOCH;
    Instant electionDue = Instant.EPOCH;
    Instant frozenUntil = Instant.EPOCH;
    Instant majorityAt = Instant.EPOCH;
    Instant primarySince = Instant.EPOCH;
    boolean isStalled;
    final Map<String, OpTime> positions = new HashMap<>();

    ReplicaMember(String name, String endpoint, String directory, boolean isArbiter, Map<String, FakeServer> servers) {
        this.name = name;
        this.endpoint = endpoint;
        this.directory = directory;
        this.isArbiter = isArbiter;
        this.servers = servers;
    }

    /** Takes the data of the member of another estate. */
    void like(ReplicaMember other) {
        config = other.config;
        term = other.term;
        loggedTerm = other.loggedTerm;
        oplog = new ArrayList<>(other.oplog);
        committed = other.committed;
        written = other.written;
        isPrimary = other.isPrimary;
        since = other.since;
        electionDue = other.electionDue;
        majorityAt = other.majorityAt;
        primarySince = other.primarySince;
    }

    /** Returns its process and its files; null while its directory does not exist. */
    FakeServer server() {
        return servers.get(directory);
    }

    boolean isUp() {
        FakeServer server = server();
        return server != null && server.up;
    }

    boolean isFrozen() {
        return isUp() && server().frozen;
    }

    boolean isAlive() {
        return isUp() && !server().frozen;
    }

    boolean isFenced() {
        return server() != null && !server().fence.isEmpty();
    }

    /** Returns why it cannot continue with its data; empty if it can. */
    String broken() {
        return server() == null ? "" : server().broken;
    }

    boolean hasData() {
        return !oplog.isEmpty();
    }

    boolean isMember() {
        return config != null && config.names(endpoint);
    }

    boolean isRemoved() {
        return config != null && !config.names(endpoint);
    }

    /** Returns whether it has all data of a set and can serve it to others. */
    boolean holdsData() {
        return isMember() && !isArbiter && !isSyncing && hasData();
    }

    OpTime last() {
        return oplog.isEmpty() ? OpTime.NONE : oplog.get(oplog.size() - 1).at();
    }

    /** Returns how many operations both have, from the first on. */
    int shared(ReplicaMember other) {
        int most = Math.min(oplog.size(), other.oplog.size());
        while (most > 0 && !oplog.get(most - 1).equals(other.oplog.get(most - 1))) {
            most--;
        }
        return most;
    }

    boolean has(OplogEntry entry) {
        for (int i = oplog.size() - 1; i >= 0; i--) {
            if (oplog.get(i).equals(entry)) {
                return true;
            }
        }
        return false;
    }

    void append(OplogEntry entry, Instant now) {
        oplog.add(entry);
        written = now;
    }

    /** The process is gone at once. */
    void kill() {
        if (isUp()) {
            server().up = false;
            server().frozen = false;
            server().trouble = "";
        }
        isPrimary = false;
        isSyncing = false;
    }

    void freeze(boolean is) {
        if (isUp()) {
            server().frozen = is;
            server().trouble =
                    is ? "the server's process 1 is stopped by a signal; kill -CONT 1 lets the process continue" : "";
        }
    }

    /** A process that has just started: it knows what is on disk. */
    void started(Instant now) {
        server().broken = "";
        isPrimary = false;
        isSyncing = config != null && !isArbiter && oplog.isEmpty();
        since = now;
        frozenUntil = Instant.EPOCH;
        waitForPrimary(now);
        if (hasData()) {
            written = now;
        }
    }

    /** A set of one elects itself at once. */
    void waitForPrimary(Instant now) {
        boolean isAlone = config == null || config.entries().size() == 1;
        electionDue = now.plusMillis(isAlone ? 0 : config.electionMillis());
    }

    /** Its data directory becomes empty; what is preserved outside it stays. */
    void loseData() {
        config = null;
        term = 0;
        oplog = new ArrayList<>();
        committed = 0;
        written = null;
        rolledBack.clear();
    }

    /** All of its directory is lost. */
    void loseDirectory() {
        loseData();
        servers.remove(directory);
        kept.clear();
        failovers.clear();
        loggedTerm = 0;
    }

    /** Returns what a person would see. */
    String state() {
        String process = server() == null ? "absent" : !isUp() ? "down" : isFrozen() ? "frozen" : "up";
        String role = !isUp()
                ? ""
                : config == null
                        ? " blank"
                        : isRemoved() ? " removed" : isPrimary ? " primary" : isSyncing ? " syncing" : " secondary";
        String set = config == null
                ? ""
                : " "
                        + config.entries().stream()
                                .map(e -> e.host().substring(0, 2) + (config.votes(e) ? "" : "-"))
                                .collect(java.util.stream.Collectors.joining(","))
                        + " v" + config.version() + "/" + config.term();
        return name + " " + process + role + set + " term " + term + ", " + committed + " of " + oplog.size()
                + " committed" + (isFenced() ? ", fenced" : "") + (broken().isEmpty() ? "" : ", " + broken());
    }

    @Override
    public String toString() {
        return name;
    }
}
