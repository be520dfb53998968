package dev.holdfast.mongodb.restore;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.state.ReplicaSetConfig.MemberShape;
import dev.holdfast.mongodb.state.ShardingState;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCluster.Role;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The steps that rename a restored set: its members, and the cluster's other parts. Meanwhile its server runs standalone.
 * Collections of config.* and admin.* stay unchanged, except for the names of servers and the balancer, which is off until
 * the cluster is verified.
 */
record ReplicaSetRenameSteps(StandaloneServer server) {

    List<Step> steps() {
        if (server.state().is(server.builder(), "ready", "verified")) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>();
        steps.add(Step.on(server.lane(), "Start " + server.lane() + " standalone for the rename")
                .because(server.lane() + " has the configuration of its source set")
                .type(server.exec(server.serve(false, false), StandaloneServer.SOON))
                .until(server.answersAlone(), StandaloneServer.SOON));
        steps.add(rename());
        steps.add(server.stop("Stop " + server.lane() + " after the rename", "ready"));
        return steps;
    }

    private Step rename() {
        List<Action> actions = new ArrayList<>(List.of(server.command("local", restoredSet())));
        MongoCluster cluster = server.state().target().cluster();
        if (server.set().role() == Role.CONFIG) {
            List<Map<String, Object>> updates = cluster.sets().stream()
                    .map(s -> Map.<String, Object>of(
                            "q", Map.of("_id", s.name()), "u", Map.of("$set", Map.of("host", hosts(s)))))
                    .toList();
            actions.add(server.command(
                    "config", Script.of("mongodb/restore-shards.json").with("updates", updates)));
            actions.add(server.command("config", Script.of("mongodb/restore-routers.json")));
            actions.add(server.command("config", Script.of("mongodb/restore-balancer.json")));
        } else if (server.set().role() == Role.SHARD) {
            String servers =
                    cluster.configServers().map(ReplicaSetRenameSteps::hosts).orElse("");
            actions.add(server.command(
                    "admin", Script.of("mongodb/restore-identity.json").with("servers", servers)));
            actions.add(server.command("admin", Script.of("mongodb/restore-recovery.json")));
        }
        Condition known = new Condition(
                "the configuration of " + server.lane() + " names " + hosts(server.set()), context -> known(context));
        return Step.on(
                        server.lane(),
                        "Rename the restored set to " + server.set().name())
                .because("the backup names the servers of its source; desired " + hosts(server.set()))
                .type(actions)
                .until(known, StandaloneServer.SOON);
    }

    private Script restoredSet() {
        List<Map<String, Object>> members = new ArrayList<>();
        for (Member member : server.set().members()) {
            members.add(MemberShape.of(member).over(Map.of("_id", members.size())));
        }
        return Script.of("mongodb/restore-set.json")
                .with("set", server.set().name())
                .with("members", members)
                .with("election", server.set().electionTimeout().toMillis())
                .with("heartbeat", server.set().heartbeat().toMillis());
    }

    private ProbeResult known(ExecutionContext context) {
        MongoDocument config =
                ServerQueries.find(context, server.standalone(), server.member(), "local", "stored-config.json")
                        .stream()
                        .findFirst()
                        .orElse(MongoDocument.EMPTY);
        List<String> names =
                config.docs("members").stream().map(m -> m.text("host")).toList();
        boolean itself =
                names.equals(server.set().nodes().stream().map(Node::endpoint).toList());
        boolean others = true;
        if (server.set().role() == Role.CONFIG) {
            List<String> listed =
                    ServerQueries.find(context, server.standalone(), server.member(), "config", "shards.json").stream()
                            .map(s -> s.text("host"))
                            .toList();
            boolean isStill =
                    ServerQueries.find(context, server.standalone(), server.member(), "config", "balancer.json")
                            .stream()
                            .anyMatch(ShardingState::isStopped);
            others = isStill
                    && server.state().target().cluster().sets().stream().allMatch(s -> listed.contains(hosts(s)));
        } else if (server.set().role() == Role.SHARD) {
            others =
                    ServerQueries.find(context, server.standalone(), server.member(), "admin", "shard-identity.json")
                            .stream()
                            .anyMatch(i -> i.text("configsvrConnectionString")
                                    .equals(server.state()
                                            .target()
                                            .cluster()
                                            .configServers()
                                            .map(ReplicaSetRenameSteps::hosts)
                                            .orElse("")));
        }
        return new ProbeResult(itself && others, "the configuration names " + names);
    }

    /** Returns the connection string of a set for clients and other sets. */
    private static String hosts(MongoSet set) {
        return set.name() + "/"
                + set.members().stream()
                        .filter(m -> !m.arbiter() && !m.hidden())
                        .map(m -> m.node().endpoint())
                        .collect(Collectors.joining(","));
    }
}
