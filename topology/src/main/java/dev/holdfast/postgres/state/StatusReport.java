package dev.holdfast.postgres.state;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.postgres.topology.PostgresCluster.Durability;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was seen of a cluster, as status tells it: facts per node, and sentences about what is not as it should be. */
final class StatusReport {

    private static final int MANY_WAITING = 10;

    private final PostgresState seen;

    StatusReport(PostgresState seen) {
        this.seen = seen;
    }

    List<NodeStatus> nodes() {
        List<NodeStatus> nodes = new ArrayList<>();
        seen.members().forEach(m -> nodes.add(member(m)));
        seen.proxies().forEach(p -> nodes.add(proxy(p)));
        seen.repository().forEach(s -> nodes.add(repository(s)));
        return nodes;
    }

    private NodeStatus member(MemberState member) {
        Map<String, Object> facts = new LinkedHashMap<>();
        String role = "";
        if (member.isUp()) {
            role = member.isPrimary() ? "primary" : "standby";
            facts.put("version", member.server().version());
            facts.put("timeline", member.timeline());
            following(member, facts);
            archiver(member, facts);
            List<String> pending = member.server().pendingRestart();
            if (!pending.isEmpty()) {
                facts.put("pending_restart", pending);
            }
            if (member.server().isReplayPaused()) {
                facts.put("replay_paused", true);
            }
        } else if (member.isDown()) {
            facts.put("database", member.disk().hasDatabase() ? "stopped" : "none");
        } else {
            facts.put("told", member.silence());
        }
        facts.put("part", member.member().part().name().toLowerCase(java.util.Locale.ROOT));
        return new NodeStatus(member.node(), member.state(), role, facts);
    }

    private void following(MemberState member, Map<String, Object> facts) {
        Map<String, String> follower = seen.follower(member);
        put(facts, "state", follower.get("state"));
        put(facts, "sync_state", follower.get("sync_state"));
        if (follower.containsKey("lag_bytes")) {
            facts.put("lag_bytes", Long.parseLong(follower.get("lag_bytes")));
        }
        if (follower.containsKey("lag_seconds")) {
            facts.put("lag_seconds", Double.parseDouble(follower.get("lag_seconds")));
        }
        put(facts, "slot", member.server().receiver().get("slot_name"));
        if (member.isPrimary()) {
            facts.put("synchronous_standby_names", member.server().synchronousNames());
        }
    }

    private static void put(Map<String, Object> facts, String name, String value) {
        if (value != null) {
            facts.put(name, value);
        }
    }

    private static void archiver(MemberState member, Map<String, Object> facts) {
        if (member.isPrimary()) {
            facts.put("archiver", isFailing(member) ? "failing" : "ok");
            facts.put("archive_waiting", waiting(member));
        }
    }

    private static boolean isFailing(MemberState member) {
        return member.server().archiver().getOrDefault("failing", "").equals("true");
    }

    private static int waiting(MemberState member) {
        return Integer.parseInt(member.server().archiver().getOrDefault("ready", "0"));
    }

    private static NodeStatus proxy(ProxyState proxy) {
        Map<String, Object> facts = new LinkedHashMap<>();
        put(facts, "version", proxy.version().isEmpty() ? null : proxy.version());
        if (proxy.isUp()) {
            facts.put("writes_to", String.join(", ", proxy.writesGoTo()));
            if (proxy.proxy().isPooler()) {
                facts.put("pool_mode", "transaction");
                facts.put("paused", !proxy.pooler().shut().isEmpty());
            } else {
                facts.put("reads_to", String.join(", ", proxy.readsGoTo()));
                facts.put("read_port", proxy.proxy().readPort());
            }
        }
        put(
                facts,
                "told",
                proxy.footing().told().isEmpty() ? null : proxy.footing().told());
        return new NodeStatus(proxy.node(), proxy.state(), "proxy", facts);
    }

    private NodeStatus repository(RepositoryServerState server) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("accepts", server.trusted().size());
        put(
                facts,
                "told",
                server.footing().told().isEmpty() ? null : server.footing().told());
        boolean isKeeper =
                server.node().equals(seen.cluster().repositoryServers().get(0));
        return new NodeStatus(server.node(), server.footing().process(), isKeeper ? "repository" : "pgbackrest", facts);
    }

    List<HealthProblem> complaints() {
        List<HealthProblem> told = new ArrayList<>();
        SplitBrain split = new SplitBrain(seen);
        if (split.isThere()) {
            told.add(HealthProblem.grave(split.sentence() + ": " + split.hint()));
        } else if (seen.primary().isEmpty()) {
            told.add(
                    seen.isFresh()
                            ? HealthProblem.minor("there is no database yet")
                            : HealthProblem.grave(
                                    isAsked()
                                            ? "no primary answers"
                                            : "it is not known which server is primary: a secret is missing here"));
        }
        seen.members().forEach(m -> absent(m).ifPresent(a -> told.add(HealthProblem.minor(a))));
        seen.primary().ifPresent(p -> {
            protection(p).ifPresent(l -> told.add(HealthProblem.grave(l)));
            seen.others().forEach(m -> standby(p, m).ifPresent(w -> told.add(HealthProblem.minor(w))));
            slots(p, told);
        });
        seen.members().stream().filter(MemberState::isUp).forEach(m -> server(m, told));
        seen.proxies().forEach(p -> proxy(p, told));
        seen.repository().stream()
                .filter(s -> !seen.isFresh() && !s.footing().isUp())
                .forEach(s -> told.add(HealthProblem.minor("the pgBackRest server on "
                        + s.node().name()
                        + (s.isOutOfReach() ? " does not answer: " + s.footing().told() : " is not running"))));
        return told;
    }

    /** The administrator's secret is known here. */
    private boolean isAsked() {
        return seen.members().stream().noneMatch(m -> m.answer().isRefused(ActionResult.NO_SECRET));
    }

    private Optional<String> absent(MemberState member) {
        if (member.isUp() || seen.isFresh()) {
            return Optional.empty();
        }
        if (member.isDown()) {
            String fenced =
                    member.disk().fence().map(f -> " and fenced: " + f.told()).orElse("");
            return Optional.of(
                    member.name() + (member.hasDatabase() ? " is stopped" + fenced : " has no database yet"));
        }
        boolean isAsked = !member.answer().isRefused(ActionResult.NO_SECRET);
        return Optional.of(member.name() + (isAsked ? " does not answer: " : " cannot be asked: ") + member.silence());
    }

    /** Fewer standbys in sync than the durability profile promises. */
    private Optional<String> protection(MemberState primary) {
        if (seen.cluster().durability() == Durability.FAST) {
            return Optional.empty();
        }
        String names = primary.server().synchronousNames();
        long inSync = SynchronousStandbyNames.inSync(primary.server());
        long wanted = Math.min(
                seen.cluster().synchronous().count(),
                seen.others().filter(m -> m.member().part() == MemberRole.SYNC).count());
        if (inSync >= wanted && SynchronousStandbyNames.count(names) >= wanted) {
            return Optional.empty();
        }
        String effect = SynchronousStandbyNames.count(names) > inSync
                ? "writes wait"
                : "writes are acknowledged without a standby";
        return Optional.of(inSync + " of " + wanted + " standbys are in sync: " + effect);
    }

    private Optional<String> standby(MemberState primary, MemberState member) {
        Optional<String> diverged = seen.diverged(member);
        if (diverged.isPresent()) {
            return Optional.of(member.name() + " has diverged: " + diverged.get());
        }
        if (member.isUp() && !seen.follower(member).getOrDefault("state", "").equals("streaming")) {
            return Optional.of(member.name() + " does not stream from " + primary.name() + ": "
                    + seen.follower(member).getOrDefault("state", "not connected"));
        }
        return Optional.empty();
    }

    private static void slots(MemberState primary, List<HealthProblem> told) {
        primary.server().slots().forEach((name, slot) -> {
            if (slot.getOrDefault("wal_status", "").equals("lost")) {
                told.add(HealthProblem.minor(
                        "the slot " + name + " on " + primary.name() + " has lost log that its member still needs"));
            } else if (!slot.getOrDefault("active", "").equals("true")) {
                told.add(HealthProblem.minor("the slot " + name + " on " + primary.name() + " keeps log since "
                        + slot.getOrDefault("restart_lsn", "it was made") + " and nobody receives it"));
            }
        });
    }

    private static void server(MemberState member, List<HealthProblem> told) {
        if (member.isPrimary() && isFailing(member)) {
            told.add(HealthProblem.minor(member.name() + " cannot archive "
                    + member.server().archiver().getOrDefault("last_failed_wal", "")));
        } else if (member.isPrimary() && waiting(member) > MANY_WAITING) {
            told.add(HealthProblem.minor(
                    member.name() + " has " + waiting(member) + " segments waiting to be archived"));
        }
        if (member.server().isReplayPaused()) {
            told.add(HealthProblem.minor("replay is paused on " + member.name()));
        }
        List<String> pending = member.server().pendingRestart();
        if (!pending.isEmpty()) {
            told.add(HealthProblem.minor(member.name() + " must be restarted for " + String.join(", ", pending)));
        }
        member.server()
                .wrong()
                .forEach(w -> told.add(HealthProblem.minor(member.name() + " cannot take its configuration: " + w)));
    }

    private void proxy(ProxyState proxy, List<HealthProblem> told) {
        String name = "the proxy on " + proxy.node().name();
        if (proxy.state() == NodeAvailability.SILENT) {
            told.add(HealthProblem.minor(name + " does not answer"
                    + (proxy.footing().told().isEmpty()
                            ? ""
                            : ": " + proxy.footing().told())));
        } else if (!proxy.isUp()) {
            if (!seen.isFresh()) {
                told.add(HealthProblem.minor(name + " is not running"));
            }
        } else if (!proxy.pooler().shut().isEmpty()) {
            told.add(HealthProblem.minor(
                    name + " lets its clients wait: " + proxy.pooler().told() + "; holdfast apply lets them go on"));
        } else if (seen.primary().isPresent()
                && !proxy.writesGoTo().equals(List.of(seen.primary().get().name()))) {
            told.add(HealthProblem.minor(name + " sends writes to "
                    + (proxy.writesGoTo().isEmpty() ? "nobody" : String.join(", ", proxy.writesGoTo())) + ", and "
                    + seen.primary().get().name() + " is primary"));
        }
    }
}
