package dev.holdfast.postgres.automatic;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.postgres.automatic.AutomaticRecords.Auth;
import dev.holdfast.postgres.automatic.AutomaticRecords.AuthState;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.probe.HostProbes;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;

/** The probe of a cluster that Patroni runs: servers and proxies, each member's Patroni, and etcd; changes nothing. */
final class AutomaticProbe {

    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final PostgresCluster cluster;
    private final ClusterProbe servers;
    private final HostProbes hosts;
    private final AutomaticActions actions;

    AutomaticProbe(Topology topology, PostgresCluster cluster) {
        this.cluster = cluster;
        this.servers = new ClusterProbe(topology, cluster);
        this.hosts = new HostProbes(topology);
        this.actions = new AutomaticActions(topology, cluster);
    }

    /** @param closely whether to test the passwords; without them, read-only commands need no secret */
    AutomaticState look(ExecutionContext context, boolean closely) {
        AtomicReference<PostgresState> state = new AtomicReference<>();
        AtomicReference<List<PatroniMember>> patroni = new AtomicReference<>(List.of());
        AtomicReference<List<EtcdMember>> etcd = new AtomicReference<>(List.of());
        AtomicReference<List<Node>> outdated = new AtomicReference<>(List.of());
        List<Runnable> questions = new ArrayList<>();
        questions.add(() -> state.set(servers.look(context, closely)));
        questions.add(() -> patroni.set(patroni(context, cluster.servers())));
        if (!cluster.etcd().isEmpty()) {
            questions.add(() -> etcd.set(etcd(context, cluster.etcd())));
        }
        if (closely) {
            questions.add(() -> outdated.set(outdated(context, cluster.servers())));
        }
        HostProbes.sideBySide(context, questions);
        Optional<AuthState> auth = closely ? authentication(context, etcd.get()) : Optional.empty();
        List<Node> old = outdated.get().stream()
                .filter(n -> patroni.get().stream().anyMatch(p -> p.node().equals(n) && p.isConfigured()))
                .toList();
        return new AutomaticState(state.get(), patroni.get(), etcd.get(), auth, old);
    }

    private static List<PatroniMember> patroni(ExecutionContext context, List<Node> nodes) {
        Map<Host, ScriptAnswer> answers =
                HostProbes.ask(context, nodes, Script.of(AutomaticRecords.PATRONI.script()), AutomaticRecords.PATRONI);
        return nodes.stream()
                .map(n -> PatroniMember.of(n, answers.get(n.host())))
                .toList();
    }

    private List<EtcdMember> etcd(ExecutionContext context, List<Node> nodes) {
        Map<Node, HostFacts> facts = hosts.probeHosts(context, nodes);
        Map<Host, ScriptAnswer> answers =
                HostProbes.ask(context, nodes, Script.of(AutomaticRecords.ETCD.script()), AutomaticRecords.ETCD);
        return nodes.stream()
                .map(n -> EtcdMember.of(n, facts.get(n), answers.get(n.host())))
                .toList();
    }

    private List<Node> outdated(ExecutionContext context, List<Node> nodes) {
        return HostProbes.outdated(context, nodes, actions.withPasswords(Script.of("patroni/secrets-look.sh")))
                .nodes();
    }

    private Optional<AuthState> authentication(ExecutionContext context, List<EtcdMember> etcd) {
        return etcd.stream()
                .filter(EtcdMember::isHealthy)
                .findFirst()
                .flatMap(e -> AutomaticRecords.AUTH
                        .read(context.ask(new Action.RunScript(
                                e.node().host(), actions.authenticationLook(e.node()), Access.LOOK, LIMIT)))
                        .all(Auth.class)
                        .stream()
                        .map(Auth::state)
                        .findFirst());
    }

    /** The condition on one etcd server. */
    Condition etcd(Node node, String description, Predicate<EtcdMember> holds, Function<EtcdMember, String> message) {
        return new Condition(description, context -> {
            EtcdMember state = etcd(context, List.of(node)).get(0);
            return new ProbeResult(holds.test(state), message.apply(state));
        });
    }

    /** The condition that etcd asks for a login and accepts Patroni's. */
    Condition hasAuthentication() {
        return new Condition("etcd asks for a login and accepts Patroni's", context -> {
            Optional<AuthState> state = authentication(context, etcd(context, cluster.etcd()));
            return new ProbeResult(
                    state.filter(s -> s == AuthState.ON).isPresent(),
                    state.map(s -> s == AuthState.OFF ? "etcd accepts requests without a login" : "the login is " + s)
                            .orElse("etcd does not answer"));
        });
    }

    /** The condition on the Patroni of one member. */
    Condition patroni(
            Node node, String description, Predicate<PatroniMember> holds, Function<PatroniMember, String> message) {
        return new Condition(description, context -> {
            PatroniMember state = patroni(context, List.of(node)).get(0);
            return new ProbeResult(holds.test(state), message.apply(state));
        });
    }

    /** The condition that a member's Patroni has the present passwords. */
    Condition knowsPasswords(Node node) {
        return new Condition(node.name() + " has the present passwords of Patroni", context -> {
            boolean isOld = !outdated(context, List.of(node)).isEmpty();
            return new ProbeResult(!isOld, isOld ? "the file has other passwords" : "the file is current");
        });
    }

    /** The condition on the Patroni of all members, and what they say of the cluster. */
    Condition members(
            String description, Predicate<List<PatroniMember>> holds, Function<List<PatroniMember>, String> message) {
        return new Condition(description, context -> {
            List<PatroniMember> all = patroni(context, cluster.servers());
            return new ProbeResult(holds.test(all), message.apply(all));
        });
    }

    /** The condition that Patroni has a synchronous standby. */
    Condition hasSynchronous() {
        return members(
                "Patroni has a synchronous standby",
                all -> all.stream()
                        .flatMap(p -> p.views().stream())
                        .anyMatch(v -> v.role() == AutomaticRecords.ViewedRole.SYNC_STANDBY),
                all -> "Patroni has no synchronous standby");
    }

    /**
     * The condition that every Patroni that answers has finished a loop since this condition was first observed, so that it has
     * compared its server with the dynamic settings.
     */
    Condition hasLooped(String description, Predicate<PatroniMember> holds, Function<PatroniMember, String> message) {
        AtomicReference<java.time.Instant> first = new AtomicReference<>();
        return new Condition(description, context -> {
            List<PatroniMember> all = patroni(context, cluster.servers());
            java.time.Instant now = context.now();
            if (first.compareAndSet(null, now)) {
                return Condition.notYet("Patroni has not read the settings yet");
            }
            long since = Duration.between(first.get(), now).toSeconds();
            return all.stream()
                    .filter(p -> p.rest().isPresent())
                    .filter(p -> !holds.test(p)
                            || p.rest().get().age() < 0
                            || p.rest().get().age() + 2 > since)
                    .findFirst()
                    .map(p -> Condition.notYet(
                            holds.test(p)
                                    ? p.node().name() + " has not completed a Patroni loop since then"
                                    : message.apply(p)))
                    .orElse(Condition.holds("every member has read the settings"));
        });
    }
}
