package dev.holdfast.postgres;

import dev.holdfast.postgres.state.SynchronousStandbyNames;
import dev.holdfast.postgres.value.Lsn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What a pretend server answers to look.sql and follower-state.sql. */
final class FakeRows {

    private final FakePostgres estate;
    private final FakeServer server;
    private final List<Map<String, Object>> rows = new ArrayList<>();

    FakeRows(FakePostgres estate, FakeServer server) {
        this.estate = estate;
        this.server = server;
    }

    List<Map<String, Object>> all(Map<String, Object> values) {
        FakePostgres.append(
                rows,
                "server",
                "",
                "version",
                server.major + ".18",
                "version_number",
                server.major * 10_000 + 18,
                "standby",
                server.standby,
                "system_identifier",
                server.systemIdentifier,
                "timeline",
                server.timeline,
                "lsn",
                new Lsn(server.end).toString(),
                "loaded",
                server.loaded,
                "config_file",
                server.configFile,
                "synchronous_standby_names",
                server.setting("synchronous_standby_names"),
                "database",
                server.databases.contains(String.valueOf(values.get("database"))),
                "started",
                server.lives,
                "control_timeline",
                server.controlTimeline,
                "checkpoint_age",
                server.checkpointAge,
                "replayed",
                new Lsn(server.end - server.lag).toString(),
                "received",
                server.received ? new Lsn(server.end).toString() : null,
                "unsafe_commits",
                server.unsafeCommits,
                "replay_paused",
                server.paused,
                "history",
                server.history,
                "clients",
                server.clients);
        FakeServer.Role rewinder = server.roles.get("rewinder");
        if (rewinder != null) {
            FakePostgres.append(rows, "server", "", "rewinder_may", rewinder.mayRewind);
        }
        estate.followers(server).forEach(this::follower);
        receiver();
        server.slots.forEach(s -> FakePostgres.append(
                rows,
                "slot",
                s,
                "active",
                isActive(s),
                "wal_status",
                "reserved",
                "retained_bytes",
                server.standby ? null : 1024));
        // the narrow look of a role change names no settings, and always answers these
        List<String> asked =
                FakePostgres.list(values.getOrDefault("names", String.join(",", FakeServer.REPLAY_LIMITS)));
        rows.addAll(server.settingRows(new TreeSet<>(asked)));
        server.altered.forEach((n, v) -> FakePostgres.append(rows, "altered", n, "setting", v));
        FakePostgres.list(values.getOrDefault("roles", "")).stream()
                .filter(server.roles::containsKey)
                .forEach(this::role);
        return rows;
    }

    private boolean isActive(String slot) {
        return estate.followers(server).stream()
                .anyMatch(f -> f.setting("primary_slot_name").equals(slot));
    }

    private void follower(FakeServer follower) {
        FakePostgres.append(
                rows,
                "follower",
                follower.name,
                "pid",
                42,
                "state",
                "streaming",
                "sync_state",
                syncState(follower),
                "replay_lsn",
                new Lsn(server.end - lag(follower)).toString(),
                "lag_bytes",
                lag(follower));
    }

    private long lag(FakeServer follower) {
        return follower.lag + Math.max(0, server.end - follower.end);
    }

    private String syncState(FakeServer follower) {
        String names = server.setting("synchronous_standby_names");
        List<String> live = new ArrayList<>(SynchronousStandbyNames.parse(names));
        List<String> following =
                estate.followers(server).stream().map(f -> f.name).toList();
        live.retainAll(following);
        int place = live.indexOf(follower.name);
        if (place < 0) {
            return "async";
        }
        return names.startsWith("ANY") ? "quorum" : place < SynchronousStandbyNames.count(names) ? "sync" : "potential";
    }

    private void receiver() {
        estate.servers.values().stream()
                .filter(s -> s.up && s != server && estate.followers(s).contains(server))
                .findFirst()
                .ifPresent(s -> FakePostgres.append(
                        rows,
                        "receiver",
                        "",
                        "status",
                        "streaming",
                        "received_tli",
                        s.timeline,
                        "sender_host",
                        s.endpoint.split(":")[0],
                        "sender_port",
                        s.endpoint.split(":")[1],
                        "heard",
                        estate.isReachable(s) ? estate.messages++ : 0));
    }

    private void role(String name) {
        FakeServer.Role role = server.roles.get(name);
        FakePostgres.append(
                rows,
                "role",
                name,
                "login",
                true,
                "superuser",
                role.superuser,
                "replication",
                role.replication,
                "expired",
                role.expired,
                "member_of",
                String.join(",", role.memberOf));
    }

    List<Map<String, Object>> again() {
        List<Map<String, Object>> again = new ArrayList<>();
        String end = new Lsn(server.end).toString();
        for (FakeServer follower : estate.followers(server)) {
            Map<String, Object> row =
                    new HashMap<>(Map.of("name", follower.name, "pid", 42, "state", "streaming", "lsn", end));
            row.put("flushed", follower.untold > 0 ? null : new Lsn(follower.end).toString());
            follower.untold = Math.max(0, follower.untold - 1);
            again.add(row);
        }
        if (again.isEmpty()) {
            again.add(new HashMap<>(Map.of("lsn", end)));
        }
        return again;
    }
}
