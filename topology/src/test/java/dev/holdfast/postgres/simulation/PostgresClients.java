package dev.holdfast.postgres.simulation;

import dev.holdfast.postgres.FakeCommit;
import dev.holdfast.postgres.FakePostgres;
import dev.holdfast.postgres.FakeProxy;
import dev.holdfast.postgres.FakeServer;
import dev.holdfast.postgres.state.SynchronousStandbyNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Clients that write wherever a primary takes writes. Each session waits with at most one commit. A commit is acknowledged when
 * as many synchronous standbys hold it as the primary's own setting says; of the others, the clients know nothing.
 */
final class PostgresClients {

    private static final int SESSIONS = 4;

    /**
     * An acknowledged commit.
     *
     * @param by the server that acknowledged it
     * @param isFair whether that was the only primary
     */
    record Acknowledgement(FakeCommit commit, String by, boolean isFair) {}

    private final FakePostgres fake;
    private final List<String> proxies;
    private final boolean areDirect;
    private final Map<FakeCommit, Acknowledgement> acknowledged = new LinkedHashMap<>();
    private final Map<String, List<FakeCommit>> waiting = new HashMap<>();
    private int written;

    PostgresClients(FakePostgres fake, List<String> proxies, boolean areDirect) {
        this.fake = fake;
        this.proxies = proxies;
        this.areDirect = areDirect;
    }

    Map<FakeCommit, Acknowledgement> acknowledged() {
        return acknowledged;
    }

    List<FakeServer> primaries() {
        return fake.servers.values().stream()
                .filter(s -> s.data && s.up && !s.standby)
                .toList();
    }

    /** Every session that does not wait writes once, on one of the hosts that are not switched off. */
    void write(Instant now, Set<String> off) {
        settle();
        for (FakeServer primary : primaries()) {
            List<FakeCommit> sessions = waiting.computeIfAbsent(primary.name, n -> new ArrayList<>());
            if (takes(primary, off) && sessions.size() < SESSIONS) {
                primary.end += 0x40;
                primary.lastWrite = now;
                FakeCommit commit = new FakeCommit(++written, primary.end, primary.timeline, now);
                primary.wal.add(commit);
                sessions.add(commit);
            }
        }
        settle();
    }

    private boolean takes(FakeServer primary, Set<String> off) {
        if (primary.hangs || !primary.startingUp.isEmpty()) {
            return false;
        }
        return areDirect
                || proxies.stream()
                        .filter(host -> !off.contains(host) && areLinked(host, primary.name))
                        .anyMatch(host -> leadsTo(fake.proxy(host), primary.name));
    }

    private boolean areLinked(String host, String other) {
        return host.equals(other) || !fake.isolatedHosts.contains(host) && !fake.isolatedHosts.contains(other);
    }

    private static boolean leadsTo(FakeProxy proxy, String name) {
        return proxy.up && proxy.ready.contains("primary/" + name);
    }

    /** Acknowledges what no longer waits; the sessions of a primary that has ended get nothing. */
    void settle() {
        boolean isOnly = primaries().size() == 1;
        for (FakeServer server : fake.servers.values()) {
            List<FakeCommit> sessions = waiting.getOrDefault(server.name, List.of());
            if (sessions.isEmpty() || server.hangs) {
                continue;
            }
            if (!server.up || server.standby) {
                sessions.clear();
                continue;
            }
            List<FakeServer> followers = fake.followers(server);
            sessions.removeIf(commit -> {
                boolean isCovered = isCovered(server, commit, followers);
                if (isCovered) {
                    acknowledged.put(commit, new Acknowledgement(commit, server.name, isOnly));
                }
                return isCovered;
            });
        }
    }

    private static boolean isCovered(FakeServer primary, FakeCommit commit, List<FakeServer> followers) {
        String names = primary.setting("synchronous_standby_names");
        int count = SynchronousStandbyNames.count(names);
        List<FakeServer> named = SynchronousStandbyNames.parse(names).stream()
                .flatMap(n -> followers.stream().filter(f -> f.name.equals(n)))
                .toList();
        if (named.size() < count) {
            return false;
        }
        List<FakeServer> asked = names.startsWith("ANY") ? named : named.subList(0, count);
        return asked.stream().filter(f -> f.end >= commit.end()).count() >= count;
    }
}
