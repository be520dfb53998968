package dev.holdfast.postgres.state;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The parts of a cluster's status: facts per node, and problems as sentences.
 *
 * @param isFresh whether no member has a database yet
 */
record StatusReport(PostgresCluster cluster, boolean isFresh, Optional<MemberState> primary) {

    private static final int MANY_WAITING = 10;

    /** @param follower the primary's row about it */
    NodeStatus member(MemberState member, Map<String, String> follower) {
        Map<String, Object> facts = new LinkedHashMap<>();
        String role = "";
        if (member.isUp()) {
            role = member.isPrimary() ? "primary" : "standby";
            facts.put("version", member.server().version());
            facts.put("timeline", member.timeline());
            following(member, follower, facts);
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
            facts.put("reason", member.silence());
            member.errorRemedy().ifPresent(r -> facts.put(NodeStatus.REMEDY, r));
        }
        member.hostFacts().service().ifPresent(s -> facts.put("service", s.text()));
        facts.put("declared_role", member.member().role().name().toLowerCase(Locale.ROOT));
        return new NodeStatus(member.node(), member.state(), role, facts);
    }

    private static void following(MemberState member, Map<String, String> follower, Map<String, Object> facts) {
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
        return member.server().isArchivingFailing();
    }

    private static int waiting(MemberState member) {
        return Integer.parseInt(member.server().archiver().getOrDefault("ready", "0"));
    }

    NodeStatus proxy(ProxyState proxy) {
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
                "reason",
                proxy.hostFacts().reason().isEmpty() ? null : proxy.hostFacts().reason());
        return new NodeStatus(proxy.node(), proxy.state(), "proxy", facts);
    }

    NodeStatus repository(RepositoryServerState server) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("accepts", server.trusted().size());
        put(
                facts,
                "reason",
                server.hostFacts().reason().isEmpty()
                        ? null
                        : server.hostFacts().reason());
        boolean isRepositoryHost =
                server.node().equals(cluster.repositoryServers().get(0));
        return new NodeStatus(
                server.node(), server.hostFacts().process(), isRepositoryHost ? "repository" : "pgbackrest", facts);
    }

    void absent(MemberState member, List<HealthProblem> problems) {
        if (!member.isUp() && !isFresh) {
            problems.add(HealthProblem.minor(absence(member)));
        }
    }

    void version(MemberState member, List<HealthProblem> problems) {
        member.otherVersion(cluster.version())
                .ifPresent(w -> problems.add(HealthProblem.minor(
                        member.name() + ": " + w + "; HINT: holdfast plan shows what apply would do")));
    }

    private static String absence(MemberState member) {
        if (member.isDown()) {
            String fenced = member.disk()
                    .fence()
                    .map(f -> " and fenced: " + f.description())
                    .orElse("");
            return member.name() + (member.hasDatabase() ? " is stopped" + fenced : " has no database yet");
        }
        boolean isAsked = !member.answer().isRefused(ActionResult.NO_SECRET);
        return member.name()
                + (isAsked ? " does not answer: " : " cannot be queried: ")
                + member.silence()
                + member.errorRemedy().map(r -> "; HINT: " + r).orElse("");
    }

    /** Reports fewer synchronous standbys than the durability profile requires. */
    void protection(MemberState primary, Stream<MemberState> others, List<HealthProblem> problems) {
        if (cluster.durability() == Durability.FAST) {
            return;
        }
        String names = primary.server().synchronousNames();
        long inSync = SynchronousStandbyNames.inSync(primary.server());
        long desired = Math.min(
                cluster.synchronous().count(),
                others.filter(m -> m.member().role() == MemberRole.SYNC).count());
        if (inSync >= desired && SynchronousStandbyNames.count(names) >= desired) {
            return;
        }
        String effect = SynchronousStandbyNames.count(names) > inSync
                ? "writes wait"
                : "writes are acknowledged without a standby";
        problems.add(HealthProblem.grave(inSync + " of " + desired + " standbys are in sync: " + effect));
    }

    /**
     * @param follower the primary's row about it
     * @param diverged why it cannot follow the primary; empty when it can
     */
    static void standby(
            MemberState primary,
            MemberState member,
            Map<String, String> follower,
            Optional<String> diverged,
            List<HealthProblem> problems) {
        String state = follower.getOrDefault("state", "");
        if (diverged.isPresent()) {
            problems.add(HealthProblem.minor(member.name() + " has diverged: " + diverged.get()));
        } else if (member.isUp() && !state.equals("streaming")) {
            problems.add(HealthProblem.minor(member.name() + " does not stream from " + primary.name() + ": "
                    + (state.isEmpty() ? "not connected" : state)));
        }
    }

    static void slots(MemberState primary, List<HealthProblem> problems) {
        primary.server().slots().forEach((name, slot) -> {
            if (slot.getOrDefault("wal_status", "").equals("lost")) {
                problems.add(HealthProblem.minor(
                        "the slot " + name + " on " + primary.name() + " has lost WAL that the member still needs"));
            } else if (!slot.getOrDefault("active", "").equals("true")) {
                problems.add(HealthProblem.minor(
                        "the slot " + name + " on " + primary.name() + " is inactive and retains WAL since "
                                + slot.getOrDefault("restart_lsn", "the slot was created")));
            }
        });
    }

    void server(MemberState member, ArchivingState archive, List<HealthProblem> problems) {
        if (member.isPrimary()) {
            archiving(member, archive).ifPresent(p -> problems.add(new HealthProblem(gravity(member.server()), p)));
        }
        if (member.server().isReplayPaused()) {
            problems.add(HealthProblem.minor("replay is paused on " + member.name()));
        }
        List<String> pending = member.server().pendingRestart();
        if (!pending.isEmpty()) {
            problems.add(HealthProblem.minor(member.name() + " must be restarted for " + String.join(", ", pending)));
        }
        member.server()
                .wrong()
                .forEach(w -> problems.add(HealthProblem.minor(member.name() + " rejects its configuration: " + w)));
    }

    private static Optional<String> archiving(MemberState member, ArchivingState archive) {
        if (isFailing(member)) {
            return Optional.of(member.name() + " cannot archive "
                    + member.server().archiver().getOrDefault("last_failed_wal", "")
                    + (archive.cause().isEmpty() ? "" : ": " + archive.cause()));
        }
        return waiting(member) > MANY_WAITING || member.server().isArchivingStalled()
                ? Optional.of(member.name() + " has " + waiting(member) + " segments waiting to be archived")
                : Optional.empty();
    }

    /** WAL that waits longer than the RPO is lost with the hosts, and then the objective is missed. */
    private HealthProblem.Gravity gravity(ServerState server) {
        return cluster.objectives()
                        .rpo()
                        .filter(limit -> !limit.isZero())
                        .filter(limit -> server.archiveWait().compareTo(limit) > 0)
                        .isPresent()
                ? HealthProblem.Gravity.GRAVE
                : HealthProblem.Gravity.MINOR;
    }

    void proxy(ProxyState proxy, List<HealthProblem> problems) {
        String name = "the proxy on " + proxy.node().name();
        if (proxy.state() == NodeAvailability.SILENT) {
            problems.add(HealthProblem.minor(name + " does not answer"
                    + (proxy.hostFacts().reason().isEmpty()
                            ? ""
                            : ": " + proxy.hostFacts().reason())));
        } else if (!proxy.isUp()) {
            if (!isFresh) {
                problems.add(HealthProblem.minor(name + " is not running"));
            }
        } else if (!proxy.pooler().shut().isEmpty()) {
            problems.add(HealthProblem.minor(
                    name + " is paused: " + proxy.pooler().description() + "; holdfast apply resumes the proxy"));
        } else if (primary.isPresent()
                && !proxy.writesGoTo().equals(List.of(primary.get().name()))) {
            problems.add(HealthProblem.minor(name + " sends writes to "
                    + (proxy.writesGoTo().isEmpty() ? "no server" : String.join(", ", proxy.writesGoTo())) + ", and "
                    + primary.get().name() + " is primary"));
        }
    }

    void repository(RepositoryServerState server, List<HealthProblem> problems) {
        if (!isFresh && !server.hostFacts().isUp()) {
            problems.add(HealthProblem.minor("the pgBackRest server on "
                    + server.node().name()
                    + (server.isOutOfReach()
                            ? " does not answer: " + server.hostFacts().reason()
                            : " is not running")));
        }
    }
}
