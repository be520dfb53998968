package dev.holdfast.mongodb.simulation;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.mongodb.FakeMongo;
import dev.holdfast.world.FakeOutput;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** What the scripts of role changes do on hosts and report; other scripts are answered by {@link FakeMongo}. */
record HostAnswers(SimulatedSet set, FakeMongo hosts, Instant now) {

    private static final ActionResult DONE = ActionResult.ok("");

    ActionResult answer(Action action) {
        Map<String, Object> values = action.script().values();
        return switch (action.script().file()) {
            case "mongodb/member-records.sh" -> records(values.get("nodes").toString());
            case "mongodb/hello-on-host.sh" -> hello(values.get("address") + ":" + values.get("port"));
            case "mongodb/start.sh" -> start(action, values);
            case "mongodb/remove.sh" -> remove(at(values), values.get("data").equals("remove"));
            case "mongodb/fence.sh" -> fence(at(values), values);
            case "mongodb/record-failover.sh" ->
                record(at(values), values.get("text").toString());
            case "mongodb/set-aside-data.sh" -> setAside(at(values));
            case "mongodb/move-rollback-files.sh" -> {
                ReplicaMember member = at(values);
                member.kept.addAll(member.rolledBack);
                member.rolledBack.clear();
                yield DONE;
            }
            default -> hosts.answer(action, now);
        };
    }

    private ReplicaMember at(Map<String, Object> values) {
        return byDirectory(values.get("directory").toString());
    }

    ReplicaMember byDirectory(String directory) {
        for (ReplicaMember member : set.members.values()) {
            if (member.directory.equals(directory)) {
                return member;
            }
        }
        throw new IllegalArgumentException("no member in " + directory);
    }

    private ActionResult records(String nodes) {
        FakeOutput output = new FakeOutput("mongodb/member-records.sh");
        for (String line : nodes.split("\n")) {
            String id = line.substring(0, line.indexOf('\t'));
            ReplicaMember member = byDirectory(line.substring(line.indexOf('\t') + 1));
            if (member.server() == null) {
                continue;
            }
            if (member.isFenced()) {
                output.record("fenced", "id", id, "reason", member.server().fence);
            }
            member.failovers.forEach(f -> output.record("failover", "id", id, "line", f));
            if (member.written != null) {
                output.record("written", "id", id, "seconds", member.written.getEpochSecond());
            }
            if (!member.rolledBack.isEmpty()) {
                output.record("rollback", "id", id, "file", "rollback/1/removed.bson");
            }
            if (!member.kept.isEmpty()) {
                output.record(
                        "moved",
                        "id",
                        id,
                        "collection",
                        "shop.orders",
                        "documents",
                        member.kept.size(),
                        "file",
                        member.directory + "/rolled-back/removed.bson");
            }
            if (member.loggedTerm > 0) {
                output.record("term", "id", id, "number", member.loggedTerm);
            }
            if (!member.broken().isEmpty()) {
                output.record("broken", "id", id, "reason", member.broken());
            }
        }
        return output.answer();
    }

    private ActionResult hello(String endpoint) {
        ReplicaMember member = set.members.get(endpoint);
        FakeOutput output = new FakeOutput("mongodb/hello-on-host.sh");
        if (member != null && member.isAlive()) {
            output.record("answer", "role", member.isPrimary ? "primary" : member.holdsData() ? "secondary" : "other");
        }
        return output.answer();
    }

    private ActionResult start(Action action, Map<String, Object> values) {
        ReplicaMember member = at(values);
        boolean wasUp = member.isUp();
        if (wasUp && values.get("restart").equals("yes")) {
            stop(member);
            wasUp = false;
        }
        ActionResult result = hosts.answer(action, now);
        if (result.isOk() && !wasUp) {
            member.started(now);
            set.settle(now);
        }
        return result;
    }

    /** A normal stop: a primary hands over first. */
    void stop(ReplicaMember member) {
        if (member.isPrimary && member.isAlive()) {
            set.stepDown(member, Duration.ZERO, now);
        }
        member.kill();
        set.settle(now);
    }

    private ActionResult remove(ReplicaMember member, boolean isDataRemoved) {
        if (member.isFrozen()) {
            return ActionResult.refused("1", "process 1 did not end within 60 s of SIGTERM");
        }
        stop(member);
        if (isDataRemoved) {
            member.loseDirectory();
        }
        return DONE;
    }

    private ActionResult fence(ReplicaMember member, Map<String, Object> values) {
        if (member.server() == null) {
            return ActionResult.refused("1", member.directory + " does not exist");
        }
        if (member.isUp() && !values.get("force").equals("yes")) {
            return ActionResult.refused("1", "process 1 of " + member.directory + " runs");
        }
        member.kill();
        member.server().fence = values.get("text").toString();
        set.settle(now);
        return DONE;
    }

    private static ActionResult record(ReplicaMember member, String line) {
        if (!member.failovers.contains(line)) {
            member.failovers.add(line);
        }
        return DONE;
    }

    private ActionResult setAside(ReplicaMember member) {
        if (member.isUp()) {
            stop(member);
        }
        member.oplog.stream().filter(OplogEntry::isWrite).forEach(member.kept::add);
        member.loseData();
        member.server().data = "none";
        member.server().broken = "";
        return DONE;
    }
}
