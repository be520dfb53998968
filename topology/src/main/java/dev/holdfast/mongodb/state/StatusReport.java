package dev.holdfast.mongodb.state;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.value.MongoDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parts of a cluster's status: facts of every server, and sentences about its problems. */
final class StatusReport {

    private static final long LONG_LAG_SECONDS = 10;

    private StatusReport() {}

    static NodeStatus router(NodeState router) {
        return observation(router, facts(router));
    }

    private static NodeStatus observation(NodeState server, Map<String, Object> facts) {
        return new NodeStatus(server.node(), server.state(), server.role(), facts);
    }

    private static Map<String, Object> facts(NodeState server) {
        Map<String, Object> facts = new LinkedHashMap<>();
        if (!server.reply().version().isEmpty()) {
            facts.put("version", server.reply().version());
        }
        server.hostFacts().service().ifPresent(s -> facts.put("service", s.text()));
        if (!server.answers() && !description(server).isEmpty()) {
            facts.put("reason", description(server));
            server.errorRemedy().ifPresent(r -> facts.put(NodeStatus.REMEDY, r));
        }
        return facts;
    }

    /** Returns why a server does not answer; if its host does not answer either, that is the reason. */
    private static String description(NodeState server) {
        if (server.isNotCreated()) {
            return "the server does not exist";
        }
        return server.silence();
    }

    static NodeStatus member(ReplicaSetState set, NodeState server) {
        Map<String, Object> facts = facts(server);
        if (!server.reply().compatibilityText().isEmpty()) {
            facts.put("fcv", server.reply().compatibilityText());
        }
        MongoDocument member = set.member(server.node());
        if (!member.isEmpty()) {
            ReplicationLag.of(set.status(), set.config(), server.node().endpoint())
                    .ifPresent(lag -> facts.put("lag_seconds", lag));
            facts.put("health", member.number("health"));
            if (!member.text("syncSourceHost").isEmpty()) {
                facts.put("sync_source", member.text("syncSourceHost"));
            }
            facts.put("config_version", member.number("configVersion"));
            facts.put("config_term", member.number("configTerm"));
            facts.put("uptime_seconds", member.number("uptime"));
        }
        return observation(server, facts);
    }

    /** @param name the set's name in commands */
    static void set(String name, ReplicaSetState set, List<HealthProblem> problems) {
        if (set.primary().isEmpty()) {
            long answer = set.members().stream().filter(NodeState::answers).count();
            problems.add(HealthProblem.grave(
                    name + " has no primary; " + answer + " of " + set.members().size() + " members answer"));
            return;
        }
        if (set.isUnread()) {
            problems.add(HealthProblem.minor(
                    name + ": the configuration was not compared, because the members accept no login from here"));
            return;
        }
        EmptyVotes.copyingVoters(set)
                .forEach(n -> problems.add(HealthProblem.grave(name + ": "
                        + n.node().name() + " votes and has no data yet (initial sync): " + "this vote can elect a "
                        + "primary that lacks acknowledged writes; HINT: holdfast apply")));
        EmptyVotes.doubted(set)
                .forEach(n ->
                        problems.add(HealthProblem.grave(name + ": " + n.node().name()
                                + " is stopped and can have acknowledged writes that the primary lacks, because a voter "
                                + "copied its data later; HINT: holdfast apply compares the oplogs")));
        set.unaware()
                .forEach(
                        n -> problems.add(
                                HealthProblem.minor(
                                        name + ": " + n.node().name()
                                                + " was given up and has not shown that it knows the forced configuration: it can be primary of the"
                                                + " former one, and its oplog is not compared; HINT: make the member answer, then holdfast apply")));
        MemberHealth.lacking(set).forEach(l -> problems.add(HealthProblem.minor(name + ": " + l)));
        for (String host : set.hosts()) {
            ReplicationLag.of(set.status(), set.config(), host)
                    .filter(lag -> lag > LONG_LAG_SECONDS)
                    .ifPresent(lag -> problems.add(
                            HealthProblem.minor(name + ": " + host + " is " + lag + " s behind its primary")));
        }
        for (NodeState member : set.members()) {
            Optional<OplogDivergence> divergence = set.divergence(member.node());
            if (divergence.isPresent()) {
                problems.add(HealthProblem.minor(name + ": " + divergence.get().description() + "; HINT: "
                        + divergence.get().hint(name)));
            } else if (!set.hosts().contains(member.node().endpoint()) && !member.isFenced()) {
                problems.add(HealthProblem.minor(name + ": " + member.node().name()
                        + " is not in the configuration; holdfast apply adds the member"));
            }
        }
        set.others()
                .forEach(o -> problems.add(
                        HealthProblem.minor(name + ": member " + o.node().name() + " is not declared")));
    }

    static void version(MongoCluster cluster, NodeState server, List<HealthProblem> problems) {
        server.otherVersion(cluster)
                .ifPresent(w -> problems.add(HealthProblem.minor(
                        server.node().id() + ": " + w + "; HINT: holdfast plan shows what apply would do")));
    }

    static void server(NodeState server, List<HealthProblem> problems) {
        String id = server.node().id();
        if (server.isFenced()) {
            problems.add(
                    HealthProblem.minor(id + " is fenced (" + server.files().fenced() + ")"
                            + (server.files().restoring().isEmpty() ? "; HINT: holdfast rejoin " + id : "")));
        } else if (server.state() == NodeAvailability.DOWN) {
            boolean ours = server.hostFacts().directoryOwner() == DirectoryOwner.OURS;
            problems.add(HealthProblem.minor(id
                    + (ours ? " is down: its process has exited" : " does not exist")
                    + (ours && server.isEmptied() ? ", and its data directory is empty" : "")
                    + (server.isBroken() ? ": " + server.files().broken() + "; HINT: holdfast rejoin " + id : "")));
        } else if (server.state() == NodeAvailability.SILENT) {
            problems.add(HealthProblem.minor(id + " does not answer though "
                    + (server.hostFacts().isUp()
                            ? "the process runs"
                            : "the host does not report that the process has exited")
                    + ": "
                    + description(server)
                    + server.errorRemedy().map(r -> "; HINT: " + r).orElse("")));
        }
    }

    /** @param shards the declared ones */
    static void sharding(
            MongoCluster cluster, List<ReplicaSetState> shards, ShardingState sharding, List<HealthProblem> problems) {
        String name = cluster.name();
        shards.stream()
                .filter(s -> sharding.shard(s.name()).isEmpty())
                .forEach(s -> problems.add(HealthProblem.minor(name + ": shard " + s.name() + " is not added")));
        sharding.shards().stream()
                .filter(s -> shards.stream().noneMatch(d -> d.name().equals(s.text("_id"))))
                .forEach(s -> problems.add(HealthProblem.minor(name + ": shard " + s.text("_id") + " on "
                        + s.text("host") + " is in config.shards and is not declared")));
        sharding.shards().stream()
                .filter(s -> s.is("draining"))
                .forEach(s ->
                        problems.add(HealthProblem.minor(name + ": shard " + s.text("_id") + " is being drained")));
        if (sharding.balancer() != cluster.balancer()) {
            problems.add(HealthProblem.minor(name + ": the balancer is " + (sharding.balancer() ? "on" : "off")
                    + ", desired " + (cluster.balancer() ? "on" : "off")));
        }
    }
}
