package dev.holdfast.mongodb.restore;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.AdminCommands;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.configuration.ServerConfiguration;
import dev.holdfast.mongodb.state.ShardingState;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The background jobs of a restored cluster that change data: the TTL monitor and the balancer. Both are off until the restored
 * content was verified; on side-by-side servers they stay off. {@link ReplicaSetRenameSteps} turns off the balancer.
 */
record BackgroundJobs(RestoreState state) {

    private static final Duration SOON = Duration.ofMinutes(3);

    private MongoCluster cluster() {
        return state.target().cluster();
    }

    /** Returns the start of a member without the TTL monitor; an arbiter has no data and accepts no login. */
    Action start(Member member) {
        return member.arbiter()
                ? state.target().server(member.node()).unfence()
                : state.target().unverified(member.node()).unfence();
    }

    /** Returns the steps after which both run as declared. */
    List<Step> resumed(String lane) {
        List<Step> steps = new ArrayList<>();
        Object declared = cluster().settings().get("setParameter." + ServerConfiguration.TTL_MONITOR);
        if (!"false".equals(String.valueOf(declared))) {
            cluster().allSets().stream()
                    .flatMap(s -> s.members().stream())
                    .filter(m -> !m.arbiter())
                    .forEach(m -> steps.add(ttlMonitor(m.node())));
        }
        if (cluster().isSharded() && cluster().balancer()) {
            Node router = cluster().routers().get(0);
            steps.add(Step.on(lane, "Start the balancer")
                    .because("the restored content was verified")
                    .type(AdminCommands.balancer(
                            router, state.target().credentials().admin(), true))
                    .until(new Condition("the balancer is on", context -> balances(context, router)), SOON));
        }
        return steps;
    }

    private Step ttlMonitor(Node node) {
        Credentials member = state.target().credentials().member();
        return Step.on(node.id(), "Start the TTL monitor of " + node.id())
                .because("the restored content was verified")
                .type(
                        state.target().server(node).configure(),
                        AdminCommands.parameters(node, member, Map.of(ServerConfiguration.TTL_MONITOR, true)))
                .until(new Condition("the TTL monitor of " + node.id() + " runs", c -> deletes(c, node)), SOON);
    }

    private ProbeResult deletes(ExecutionContext context, Node node) {
        Script script = Script.of("mongodb/parameters.json").with("names", Map.of(ServerConfiguration.TTL_MONITOR, 1));
        boolean runs = MongoDocument.of(ServerQueries.ask(
                                context, node, state.target().credentials().member(), "admin", script)
                        .row())
                .doc(ServerConfiguration.TTL_MONITOR)
                .is("value");
        return new ProbeResult(runs, runs ? "the TTL monitor runs" : "the TTL monitor is off");
    }

    private ProbeResult balances(ExecutionContext context, Node router) {
        List<MongoDocument> found =
                ServerQueries.find(context, router, state.target().credentials().admin(), "config", "balancer.json");
        boolean runs = !found.isEmpty() && found.stream().noneMatch(ShardingState::isStopped);
        return new ProbeResult(runs, runs ? "the balancer is on" : "the balancer is off");
    }
}
