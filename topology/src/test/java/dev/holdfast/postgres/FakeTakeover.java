package dev.holdfast.postgres;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.postgres.value.Lsn;
import dev.holdfast.world.FakeOutput;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What pretend servers and hosts do when the primary changes. */
final class FakeTakeover {

    private static final Set<String> MARKS = Set.of(
            "fence",
            "rewind",
            "rewound",
            "other-wal",
            "history",
            "took",
            "changed",
            "kept",
            "moved",
            "needs",
            "port",
            "rows",
            "unread");

    private final FakePostgres estate;

    FakeTakeover(FakePostgres estate) {
        this.estate = estate;
    }

    ActionResult look(Map<String, Object> values) {
        FakeOutput output = new FakeOutput("postgres/rolechange-look.sh").record("user", "name", estate.user);
        estate.programs.forEach((major, version) ->
                output.record("programs", "major", major, "version", version, "folder", "/pg/" + major));
        FakePostgres.each(values, f -> {
            estate.append(new String[] {f[0], f[1], "pid", "address", "1"}, output);
            if (f[2].equals("pooler")) {
                estate.poolers.get(f[1]).appendRoutes(f[0], output);
            } else if (f[2].equals("proxy")) {
                estate.proxies.get(f[1]).appendRoutes(f[0], output);
            } else {
                FakeServer server = estate.servers.get(f[1]);
                estate.append(f[0], server, output, MARKS);
                server.altered.keySet().stream()
                        .filter("synchronous_standby_names"::equals)
                        .forEach(n -> output.record("mark", "id", f[0], "kind", "override", "text", n + " = ''"));
                if (!server.left.isEmpty()) {
                    output.record("mark", "id", f[0], "kind", "left", "text", server.left);
                }
            }
        });
        return output.answer();
    }

    ActionResult onHost(String script, FakeServer server, Map<String, Object> values) {
        switch (script) {
            case "postgres/fence.sh" -> {
                server.marks.put("fence", values.get("mark").toString());
                estate.onFence.run();
                server.up = false;
                server.hangs = false;
                server.left = "";
            }
            case "postgres/step-down.sh" -> {
                server.marks.put("fence", values.get("mark").toString());
                if (estate.cannotStop.contains(server.name)) {
                    return ActionResult.refused("1", "the server did not stop within 10 s");
                }
                if (server.up) {
                    stop(server);
                }
            }
            case "postgres/resume.sh" -> {
                server.marks.remove("fence");
                server.up = false;
                server.state = "in production";
            }
            case "postgres/unfence.sh" -> server.marks.remove("fence");
            case "postgres/demote.sh" -> {
                server.standby = true;
                server.marks.remove("fence");
            }
            case "postgres/other-wal.sh" ->
                server.marks.put("other-wal", values.get("why").toString());
            case "postgres/sync-history-append.sh" -> {
                String line = values.get("line").toString();
                server.marks.put("history", line);
                server.marks.remove("changed");
                if (line.contains("\tfailover\t")) {
                    server.marks.put("took", line);
                }
            }
            case "postgres/query-check.sh" -> {
                return server.up && !server.hangs && server.startingUp.isEmpty()
                        ? new FakeOutput(script)
                                .record("answer", "primary", "t", "clients", 3, "standbys", "b1")
                                .answer()
                        : ActionResult.refused("124", "");
            }
            case "postgres/wal-gap.sh" -> {
                if (estate.unreadableWal.contains(server.name)
                        || Integer.parseInt(values.get("timeline").toString()) > server.timeline) {
                    return ActionResult.refused("1", "the WAL does not reach that position");
                }
                long from = Lsn.at(values.get("position").toString()).position();
                if (estate.tracksWal) {
                    return gap(
                            server,
                            from,
                            Integer.parseInt(values.get("timeline").toString()));
                }
                return wal(new FakeOutput(script), server.end, server.commitsBeyond(from))
                        .record("exposure", "waiters", server.waiters, "lived", server.lived)
                        .answer();
            }
            case "postgres/wal-record.sh" -> {
                long at = Lsn.at(values.get("position").toString()).position() - 0x38;
                boolean isOther = values.get("which").equals("before")
                        && estate.withOtherWal.contains(server.name)
                        && !estate.isOtherWalReplaced;
                Lsn last = new Lsn(isOther ? at - 0x70 : at);
                boolean isLast = values.get("which").equals("before");
                return new FakeOutput(script)
                        .record("wal-record", "lsn", isLast ? last : new Lsn(at + 0x38), "prev", isLast ? "0/28" : last)
                        .answer();
            }
            case "postgres/wal-branch.sh" -> {
                return branch(server, values.get("pieces").toString());
            }
            case "postgres/preserve-wal.sh" -> {
                server.marks.put("kept", values.get("name").toString());
                if (estate.cannotKeep.contains(server.name)) {
                    server.marks.put(
                            "unread", values.get("name") + "\tthe segment 000000010000000000000001 is not there");
                    return ActionResult.refused("1", "the segment 000000010000000000000001 is not there");
                }
                server.marks.put("rows", server.commits + "\t" + server.commits);
            }
            case "postgres/rewind.sh" -> {
                return rewind(server, values);
            }
            case "postgres/preserve-data.sh" -> {
                server.data = false;
                server.marks.put("kept", values.get("name").toString());
                server.marks.put("moved", values.get("name").toString());
                server.marks.remove("fence");
                server.marks.remove("rewind");
                server.marks.remove("unread");
                server.marks.remove("other-wal");
            }
            default -> throw new AssertionError("nobody knows " + script);
        }
        return ActionResult.ok("");
    }

    /** The WAL of a lost primary beyond that of a standby, by its commits. */
    private static ActionResult gap(FakeServer lost, long from, int timeline) {
        if (timeline < lost.timeline
                && (lost.leftAt(timeline).isEmpty() || lost.leftAt(timeline).getAsLong() < from)) {
            return ActionResult.refused("1", "its timeline does not descend from that of the standby");
        }
        List<FakeCommit> beyond = lost.walBeyond(from);
        double lived = beyond.isEmpty()
                ? 0
                : Math.max(
                                0,
                                Duration.between(beyond.get(0).at(), lost.lastWrite)
                                        .toMillis())
                        / 1000.0;
        return wal(new FakeOutput("postgres/wal-gap.sh"), lost.end, beyond.size())
                .record("exposure", "waiters", lost.waiters, "lived", lived)
                .answer();
    }

    /** Each piece of WAL is a timeline, its begin and its end, "-" for an open one. */
    private static long commits(FakeServer server, String pieces) {
        return pieces.lines()
                .map(l -> l.split(" "))
                .mapToLong(f -> server.walBeyond(Lsn.at(f[1]).position()).stream()
                        .filter(c -> f[2].equals("-") || c.end() <= Lsn.at(f[2]).position())
                        .count())
                .sum();
    }

    private ActionResult branch(FakeServer server, String pieces) {
        if (estate.unreadable.contains(server.name) || pieces.contains(" 0/0 ")) {
            return ActionResult.refused("1", "the segment 000000010000000000000001 is not there");
        }
        long commits = estate.tracksWal ? commits(server, pieces) : server.commits;
        return wal(new FakeOutput("postgres/wal-branch.sh"), server.end, commits)
                .answer();
    }

    private static FakeOutput wal(FakeOutput output, long end, long commits) {
        return output.record(
                "wal",
                "end",
                new Lsn(end),
                "records",
                1,
                "commits",
                commits,
                "first",
                commits == 0 ? "" : "2026-01-01 00:00:01.5",
                "last",
                commits == 0 ? "" : "2026-01-01 00:00:03.0");
    }

    /** A clean stop: all that follow receive the last record. */
    private void stop(FakeServer server) {
        server.end += 0x80;
        if (!estate.keepsLastRecord.contains(server.name)) {
            estate.followers(server);
        }
        server.up = false;
        server.state = "shut down";
    }

    private ActionResult rewind(FakeServer server, Map<String, Object> values) {
        FakeServer primary = estate.byEndpoint(values.get("address") + ":" + values.get("port"));
        if (server.marks.containsKey("rewind")) {
            return ActionResult.refused("1", "an earlier rewind was started there");
        }
        if (primary.controlTimeline != primary.timeline) {
            throw new AssertionError("a rewind before the checkpoint of the new primary finds nothing to do");
        }
        if (estate.cannotRewind.contains(server.name)) {
            server.marks.put("rewind", "from " + primary.endpoint);
            return ActionResult.refused("1", "pg_rewind: could not find common ancestor");
        }
        server.cloned(primary);
        server.marks.put("rewound", values.get("name").toString());
        server.marks.remove("fence");
        return ActionResult.ok("");
    }

    ActionResult onServer(String script, FakeServer server, Map<String, Object> values) {
        switch (script) {
            case "postgres/role.sql" -> {
                return ActionResult.ok(List.of(Map.of("standby", server.standby)));
            }
            case "postgres/restore-command-off.sql" -> server.marks.put("promotion", "");
            case "postgres/promote.sql" -> server.promote();
            case "postgres/write-probe.sql" -> {
                return server.standby
                        ? ActionResult.refused("25006", "cannot execute CREATE TABLE in a read-only transaction")
                        : ActionResult.ok(List.of());
            }
            case "postgres/drop-slot.sql" ->
                server.slots.remove(values.get("slot").toString());
            default -> throw new AssertionError("nobody knows " + script);
        }
        return ActionResult.ok(List.of());
    }
}
