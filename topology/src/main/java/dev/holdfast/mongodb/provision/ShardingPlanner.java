package dev.holdfast.mongodb.provision;

import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.AdminCommands;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The stage that joins routers, config servers and shards to one cluster.
 *
 * <ol>
 *   <li>Every router answers.
 *   <li>Shards are added one after another, because parallel addShard commands block each other. Immediately before each,
 *       every member of the set is asked for its set name, hosts and primary. An addShard of a wrong set never ends.
 *   <li>The balancer is off where it is declared off.
 * </ol>
 *
 * Invariant: addShard is sent only after the verification step in the same lane has succeeded.
 */
final class ShardingPlanner {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration ROUTER = Duration.ofSeconds(120);
    /** A round of the balancer ends with its present migrations. */
    private static final Duration BALANCER = Duration.ofMinutes(5);

    private ShardingPlanner() {}

    static Plan plan(MongoState state) {
        MongoCluster cluster = state.cluster();
        if (!cluster.isSharded()
                || cluster.routers().isEmpty()
                || state.controlSet().isUnread()) {
            return Plan.NOTHING;
        }
        NodeState router = router(state).orElse(state.routers().get(0));
        List<Step> steps = new ArrayList<>();
        String lane = cluster.name();
        state.routers().stream()
                .filter(r -> !r.answers() && r.hostFacts().reason().isEmpty())
                .filter(r -> r.otherEndpoint().isEmpty()) // a later stage restarts it on the declared port
                .forEach(r -> steps.add(await(r == router ? lane : r.node().id(), r.node())));
        if (state.controlSet().primary().isEmpty() && !state.controlSet().isUntouched()) {
            return new Plan(
                    steps,
                    List.of(),
                    List.of(lane + ": shards and balancer are planned when the config servers have a primary"));
        }
        if (!state.sharding().adding().isEmpty()) {
            steps.add(awaitOther(lane, state));
        }
        Credentials admin = state.credentials().admin();
        for (ReplicaSetState shard : state.shards()) {
            if (state.sharding().shard(shard.name()).isEmpty()) {
                steps.add(verify(lane, shard.desired()));
                steps.add(add(lane, state, router.node(), shard.desired()));
            }
        }
        if (isToBeOff(state)) {
            steps.add(balancer(state, router, false, "the balancer is on, desired off"));
        }
        return new Plan(steps, List.of(), undeclared(state));
    }

    /** Returns a router that answers. */
    static Optional<NodeState> router(MongoState state) {
        return state.routers().stream().filter(NodeState::answers).findFirst();
    }

    /** {@link UpgradePlanner} turns the balancer on, because an upgrade needs it off. */
    private static boolean isToBeOff(MongoState state) {
        return state.sharding().balancer() && !state.cluster().balancer();
    }

    /** While a host is unreachable: no shard is added, and the balancer is turned off if a router answers. */
    static Plan reached(MongoState state) {
        MongoCluster cluster = state.cluster();
        Optional<NodeState> router = router(state);
        boolean isKnown = cluster.isSharded() && state.controlSet().primary().isPresent();
        return router.isPresent() && isKnown && isToBeOff(state)
                ? Plan.of(List.of(balancer(state, router.get(), false, "the balancer is on, desired off")))
                : Plan.NOTHING;
    }

    private static Step await(String lane, Node router) {
        return Step.on(lane, "Wait until router " + router.id() + " answers")
                .because("the router does not answer on " + router.endpoint() + " yet")
                .until(ClusterConditions.answers(router), ROUTER);
    }

    private static Step awaitOther(String lane, MongoState state) {
        Node primary = state.controlSet().primary().orElseThrow().node();
        Credentials admin = state.credentials().admin();
        Condition none = new Condition("no addShard is in progress", context -> {
            List<MongoDocument> running = ServerQueries.find(context, primary, admin, "admin", "adding-shards.json");
            return new ProbeResult(running.isEmpty(), description(running));
        });
        return Step.on(lane, "Wait until the running addShard has ended")
                .because("the config servers already run an addShard, "
                        + description(state.sharding().adding())
                        + ", and run one at a time. An addShard of a wrong or unreachable set never ends. To end it, log "
                        + "in as __system on the primary of the config servers, delete {'_id.operationType': "
                        + "'addShard'} from config.system.sharding_ddl_coordinators and step that primary down")
                .until(none, SOON);
    }

    private static String description(List<MongoDocument> adding) {
        return adding.isEmpty()
                ? "none"
                : "in phase " + adding.stream().map(a -> a.text("currentPhase")).collect(Collectors.joining(", "));
    }

    private static Step verify(String lane, MongoSet shard) {
        Condition sound = new Condition(
                "every member of " + shard.name() + " reports that set, its hosts and its primary",
                context -> verified(context, shard));
        return Step.on(lane, "Verify " + shard.name() + " before addShard")
                .because("an addShard of a wrong or unreachable set never ends")
                .until(sound, SOON);
    }

    private static ProbeResult verified(ExecutionContext context, MongoSet shard) {
        List<MongoDocument> hellos = ServerQueries.hellos(context, shard.nodes());
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < hellos.size(); i++) {
            String at = shard.nodes().get(i).id();
            MongoDocument hello = hellos.get(i);
            if (!hello.text("setName").equals(shard.name())) {
                wrong.add(at + (hello.isEmpty() ? " does not answer" : " is of set '" + hello.text("setName") + "'"));
            } else if (!shown(hello).equals(shown(shard))) {
                wrong.add(at + " reports the hosts " + shown(hello));
            } else if (hello.text("primary").isEmpty()) {
                wrong.add(at + " reports no primary");
            }
        }
        return new ProbeResult(wrong.isEmpty(), wrong.isEmpty() ? "all do" : String.join("; ", wrong));
    }

    /** Returns the members that clients can find: those with data that are not hidden. */
    private static List<String> shown(MongoSet shard) {
        return shard.members().stream()
                .filter(m -> !m.arbiter() && !m.hidden())
                .map(m -> m.node().endpoint())
                .sorted()
                .toList();
    }

    private static List<String> shown(MongoDocument hello) {
        List<String> hosts = new ArrayList<>(hello.texts("hosts"));
        hosts.addAll(hello.texts("passives"));
        return hosts.stream().sorted().toList();
    }

    private static Step add(String lane, MongoState state, Node router, MongoSet shard) {
        String hosts = shard.members().stream()
                .filter(m -> !m.arbiter() && !m.hidden())
                .map(Member::node)
                .map(Node::endpoint)
                .collect(Collectors.joining(","));
        Condition listed = new ClusterConditions(state.credentials())
                .listed(state.controlSet().desired(), shard);
        return Step.on(lane, "Add shard " + shard.name())
                .because("the config servers do not list this shard")
                .type(AdminCommands.addShard(router, state.credentials().admin(), shard.name(), hosts))
                .until(listed, SOON);
    }

    /** @param because the observed and the desired state */
    static Step balancer(MongoState state, NodeState router, boolean on, String because) {
        Credentials admin = state.credentials().admin();
        Condition set = new Condition("the balancer is " + (on ? "on" : "off"), context -> {
            MongoDocument status =
                    MongoDocument.of(ServerQueries.ask(context, router.node(), admin, "balancer-status.json")
                            .row());
            String mode = status.text("mode");
            boolean isSet = !mode.isEmpty() && on != mode.equals("off");
            return new ProbeResult(
                    isSet && (on || !status.is("inBalancerRound")),
                    "the balancer mode is " + mode + (status.is("inBalancerRound") ? ", in a round" : ""));
        });
        return Step.on(state.cluster().name(), "Turn the balancer " + (on ? "on" : "off"))
                .because(because)
                .type(AdminCommands.balancer(router.node(), admin, on))
                .until(set, BALANCER);
    }

    private static List<String> undeclared(MongoState state) {
        return state.sharding().shards().stream()
                .map(s -> s.text("_id"))
                .filter(id -> state.shards().stream().noneMatch(s -> s.name().equals(id)))
                .map(id -> state.cluster().name() + ": shard " + id
                        + " is not declared; Holdfast keeps it, because removing a shard moves its data")
                .toList();
    }
}
