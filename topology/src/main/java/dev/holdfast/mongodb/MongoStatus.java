package dev.holdfast.mongodb;

import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.world.Observation;
import dev.holdfast.world.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What status tells of a cluster: facts of every server, and sentences about what is not as it should be. */
final class MongoStatus {

    private static final long LONG_LAG_SECONDS = 10;

    private MongoStatus() {}

    static List<Observation> observations(MongoSeen seen) {
        List<Observation> all = new ArrayList<>();
        for (SetSeen set : seen.sets()) {
            set.members().forEach(n -> all.add(member(set, n)));
        }
        seen.routers().forEach(r -> all.add(observation(r, facts(r))));
        return all;
    }

    private static Observation observation(NodeSeen server, Map<String, Object> facts) {
        return new Observation(server.node(), server.state(), server.role(), facts);
    }

    private static Map<String, Object> facts(NodeSeen server) {
        Map<String, Object> facts = new LinkedHashMap<>();
        if (!server.heard().version().isEmpty()) {
            facts.put("version", server.heard().version());
        }
        if (!server.answers() && !told(server).isEmpty()) {
            facts.put("told", told(server));
        }
        return facts;
    }

    /** Why it does not answer; that its host does not is the deeper reason. */
    private static String told(NodeSeen server) {
        if (server.isUnborn()) {
            return "nothing is there";
        }
        return server.isOutOfReach() ? server.footing().told() : server.heard().told();
    }

    private static Observation member(SetSeen set, NodeSeen server) {
        Map<String, Object> facts = facts(server);
        Doc member = set.member(server.node());
        if (!member.isEmpty()) {
            Lag.of(set.status(), set.config(), server.node().endpoint())
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

    static List<String> complaints(MongoSeen seen) {
        if (seen.servers().allMatch(NodeSeen::isUnborn)) {
            return List.of(seen.cluster().name() + " is not there yet; holdfast apply makes it");
        }
        List<String> complaints = new ArrayList<>();
        seen.sets().forEach(s -> set(seen, s, complaints));
        seen.servers().forEach(n -> server(n, complaints));
        sharding(seen, complaints);
        return complaints;
    }

    private static void set(MongoSeen seen, SetSeen set, List<String> complaints) {
        String name = ReplicaSets.lane(seen, set);
        if (set.primary().isEmpty()) {
            long answer = set.members().stream().filter(NodeSeen::answers).count();
            complaints.add(
                    name + " has no primary; " + answer + " of " + set.members().size() + " members answer");
            return;
        }
        Wholeness.lacking(set).forEach(l -> complaints.add(name + ": " + l));
        for (String host : set.hosts()) {
            Lag.of(set.status(), set.config(), host)
                    .filter(lag -> lag > LONG_LAG_SECONDS)
                    .ifPresent(lag -> complaints.add(name + ": " + host + " is " + lag + " s behind its primary"));
        }
        set.others().forEach(o -> complaints.add(name + ": member " + o.node().name() + " is not declared"));
    }

    private static void server(NodeSeen server, List<String> complaints) {
        String id = server.node().id();
        if (server.isFenced()) {
            complaints.add(id + " is fenced (" + server.files().fenced() + ")"
                    + (server.files().restoring().isEmpty() ? "; holdfast rejoin brings it back" : ""));
        } else if (server.state() == State.DOWN) {
            boolean ours = server.footing().ground() == Ground.OURS;
            complaints.add(id + (ours ? " is down: its process is gone" : " is not there"));
        } else if (server.state() == State.SILENT) {
            complaints.add(id + " does not answer though "
                    + (server.footing().isUp() ? "its process lives" : "its host does not say that it is gone") + ": "
                    + told(server));
        }
    }

    private static void sharding(MongoSeen seen, List<String> complaints) {
        if (!seen.cluster().isSharded() || seen.seat().primary().isEmpty()) {
            return;
        }
        String name = seen.cluster().name();
        seen.shards().stream()
                .filter(s -> seen.sharding().shard(s.name()).isEmpty())
                .forEach(s -> complaints.add(name + ": shard " + s.name() + " is not added"));
        seen.sharding().shards().stream()
                .filter(s -> s.is("draining"))
                .forEach(s -> complaints.add(name + ": shard " + s.text("_id") + " is being drained"));
        if (seen.sharding().balancer() != seen.cluster().balancer()) {
            complaints.add(name + ": the balancer is " + (seen.sharding().balancer() ? "on" : "off") + ", wanted "
                    + (seen.cluster().balancer() ? "on" : "off"));
        }
    }
}
