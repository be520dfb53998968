package dev.holdfast.mongodb.state;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.mongodb.value.MongoDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The status of a cluster: facts of every server, and sentences about its problems. */
final class StatusReport {

    private static final long LONG_LAG_SECONDS = 10;

    private StatusReport() {}

    static List<NodeStatus> observations(MongoState state) {
        List<NodeStatus> all = new ArrayList<>();
        for (ReplicaSetState set : state.sets()) {
            set.members().forEach(n -> all.add(member(set, n)));
        }
        state.routers().forEach(r -> all.add(observation(r, facts(r))));
        return all;
    }

    private static NodeStatus observation(NodeState server, Map<String, Object> facts) {
        return new NodeStatus(server.node(), server.state(), server.role(), facts);
    }

    private static Map<String, Object> facts(NodeState server) {
        Map<String, Object> facts = new LinkedHashMap<>();
        if (!server.reply().version().isEmpty()) {
            facts.put("version", server.reply().version());
        }
        if (!server.answers() && !description(server).isEmpty()) {
            facts.put("told", description(server));
        }
        return facts;
    }

    /** Returns why a server does not answer; if its host does not answer either, that is the reason. */
    private static String description(NodeState server) {
        if (server.isUnborn()) {
            return "it does not exist";
        }
        return server.silence();
    }

    private static NodeStatus member(ReplicaSetState set, NodeState server) {
        Map<String, Object> facts = facts(server);
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

    static List<HealthProblem> complaints(MongoState state) {
        if (state.servers().allMatch(NodeState::isUnborn)) {
            return List.of(
                    HealthProblem.minor(state.cluster().name() + " does not exist yet; holdfast apply creates it"));
        }
        List<HealthProblem> complaints = new ArrayList<>();
        state.sets().forEach(s -> set(state, s, complaints));
        state.servers().forEach(n -> server(n, complaints));
        UndeclaredServerUse.refusals(state)
                .forEach(r -> complaints.add(HealthProblem.minor(r.where() + ": " + r.what())));
        sharding(state, complaints);
        return complaints;
    }

    private static void set(MongoState state, ReplicaSetState set, List<HealthProblem> complaints) {
        String name = state.lane(set);
        if (set.primary().isEmpty()) {
            long answer = set.members().stream().filter(NodeState::answers).count();
            complaints.add(HealthProblem.grave(
                    name + " has no primary; " + answer + " of " + set.members().size() + " members answer"));
            return;
        }
        MemberHealth.lacking(set).forEach(l -> complaints.add(HealthProblem.minor(name + ": " + l)));
        for (String host : set.hosts()) {
            ReplicationLag.of(set.status(), set.config(), host)
                    .filter(lag -> lag > LONG_LAG_SECONDS)
                    .ifPresent(lag -> complaints.add(
                            HealthProblem.minor(name + ": " + host + " is " + lag + " s behind its primary")));
        }
        for (NodeState member : set.members()) {
            Optional<OplogDivergence> parting = set.parting(member.node());
            if (parting.isPresent()) {
                complaints.add(HealthProblem.minor(name + ": " + parting.get().description() + "; HINT: "
                        + parting.get().hint(name)));
            } else if (!set.hosts().contains(member.node().endpoint()) && !member.isFenced()) {
                complaints.add(HealthProblem.minor(
                        name + ": " + member.node().name() + " is not in its configuration; holdfast apply adds it"));
            }
        }
        set.others()
                .forEach(o -> complaints.add(
                        HealthProblem.minor(name + ": member " + o.node().name() + " is not declared")));
    }

    private static void server(NodeState server, List<HealthProblem> complaints) {
        String id = server.node().id();
        if (server.isFenced()) {
            complaints.add(
                    HealthProblem.minor(id + " is fenced (" + server.files().fenced() + ")"
                            + (server.files().restoring().isEmpty() ? "; HINT: holdfast rejoin " + id : "")));
        } else if (server.state() == NodeAvailability.DOWN) {
            boolean ours = server.hostFacts().ground() == DirectoryOwner.OURS;
            complaints.add(HealthProblem.minor(id
                    + (ours ? " is down: its process has exited" : " does not exist")
                    + (ours && EmptyMembers.is(server) ? ", and its data directory is empty" : "")));
        } else if (server.state() == NodeAvailability.SILENT) {
            complaints.add(HealthProblem.minor(id + " does not answer though "
                    + (server.hostFacts().isUp()
                            ? "its process runs"
                            : "its host does not report that the process has exited")
                    + ": "
                    + description(server)));
        }
    }

    private static void sharding(MongoState state, List<HealthProblem> complaints) {
        if (!state.cluster().isSharded() || state.seat().primary().isEmpty()) {
            return;
        }
        String name = state.cluster().name();
        state.shards().stream()
                .filter(s -> state.sharding().shard(s.name()).isEmpty())
                .forEach(s -> complaints.add(HealthProblem.minor(name + ": shard " + s.name() + " is not added")));
        state.sharding().shards().stream()
                .filter(s -> state.shards().stream().noneMatch(d -> d.name().equals(s.text("_id"))))
                .forEach(s -> complaints.add(HealthProblem.minor(name + ": shard " + s.text("_id") + " on "
                        + s.text("host") + " is in config.shards and is not declared")));
        state.sharding().shards().stream()
                .filter(s -> s.is("draining"))
                .forEach(s ->
                        complaints.add(HealthProblem.minor(name + ": shard " + s.text("_id") + " is being drained")));
        if (state.sharding().balancer() != state.cluster().balancer()) {
            complaints.add(HealthProblem.minor(
                    name + ": the balancer is " + (state.sharding().balancer() ? "on" : "off") + ", desired "
                            + (state.cluster().balancer() ? "on" : "off")));
        }
    }
}
