package dev.holdfast.postgres.archive;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.configuration.PgBackRestConfig;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.RepositoryServerState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The pgBackRest TLS servers for a repository on a separate host: one on the repository host and one on every member's host.
 * The repository host starts base backups, and the members send WAL.
 *
 * <ol>
 *   <li>Each server creates a key that never leaves its host, with a certificate for its address.
 *   <li>Each server gets the certificates of all servers, accepts only these, and starts.
 * </ol>
 *
 * Invariants: both sides refuse a connection without a key of this cluster; the certificate of an unreachable host stays
 * accepted. The procedure follows the user guide of pgBackRest, section "Dedicated Repository Host", with TLS.
 */
public final class RepositoryServerPlanner {

    private static final Duration MOMENT = Duration.ofSeconds(30);
    /** Increased when the template of server.conf changes, so that existing servers get the new one. */
    private static final int FORMAT = 1;

    private final Topology topology;
    private final PostgresCluster cluster;
    private final ClusterProbe probes;

    public RepositoryServerPlanner(Topology topology, PostgresCluster cluster, ClusterProbe probes) {
        this.topology = topology;
        this.cluster = cluster;
        this.probes = probes;
    }

    public Plan keys(PostgresState state) {
        return Plan.of(state.repository().stream()
                .filter(s -> !s.isOutOfReach() && !s.hasKey())
                .map(this::key)
                .toList());
    }

    private Step key(RepositoryServerState state) {
        Node node = state.node();
        Script script = script(node, "tls-key")
                .with("mark", HostFacts.mark(topology.name(), node))
                .with("name", node.name())
                .with("address", node.host().address());
        return Step.on(node.id(), "Create the pgBackRest key on " + node.name())
                .because(
                        state.isEnding()
                                ? "the certificate expires within 30 days"
                                : node.name() + " has no certificate")
                .type(exec(node, script))
                .until(
                        condition(node, node.name() + " has a certificate", RepositoryServerState::hasKey, s -> "none"),
                        MOMENT);
    }

    public Plan processes(PostgresState state) {
        List<Step> steps = new ArrayList<>();
        for (RepositoryServerState server : state.repository()) {
            if (!server.isOutOfReach()) {
                Set<String> desired = desired(state, server);
                wrong(server, desired).ifPresent(why -> steps.add(process(server, desired, why)));
            }
        }
        return Plan.of(steps);
    }

    /** The certificate of an unreachable host is unknown, so the accepted certificates stay. */
    private static Set<String> desired(PostgresState state, RepositoryServerState server) {
        Set<String> desired = state.repository().stream()
                .map(RepositoryServerState::certificate)
                .filter(c -> !c.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        if (state.repository().stream().anyMatch(RepositoryServerState::isOutOfReach)) {
            desired.addAll(server.trusted());
        }
        return desired;
    }

    private Optional<String> wrong(RepositoryServerState state, Set<String> trusted) {
        String desired = inputs(state.node());
        if (!state.hostFacts().isUp()) {
            return Optional.of("no pgBackRest server runs on its host");
        }
        if (!state.inputs().equals(desired)) {
            return Optional.of("pgBackRest is configured for '" + state.inputs() + "', desired '" + desired + "'");
        }
        if (state.isEdited()) {
            return Optional.of("the configuration was changed manually");
        }
        if (!state.trusted().equals(trusted)) {
            return Optional.of("pgBackRest accepts " + state.trusted().size() + " certificates, desired those of the "
                    + trusted.size() + " servers of this cluster");
        }
        return state.isStale() ? Optional.of("the files are newer than the process") : Optional.empty();
    }

    private String inputs(Node node) {
        return "format " + FORMAT + ", listens at " + node.endpoint() + ", for " + cluster.name() + " of "
                + cluster.repositoryServers().stream().map(Node::name).collect(Collectors.joining(" "));
    }

    private Step process(RepositoryServerState state, Set<String> trusted, String why) {
        Node node = state.node();
        String certificates = trusted.stream()
                .map(c -> "-----BEGIN CERTIFICATE-----\n" + c + "\n-----END CERTIFICATE-----")
                .collect(Collectors.joining("\n"));
        return Step.on(
                        node.id(),
                        (state.hostFacts().isUp() ? "Update the files of pgBackRest on " : "Start pgBackRest on ")
                                + node.name())
                .because(why)
                .type(
                        write(
                                node,
                                PgBackRestConfig.trusted(node),
                                Script.of("postgres/tls-trusted.conf").with("certificates", certificates)),
                        write(node, node.directory() + "/conf/server.conf.written", configuration(node)),
                        write(node, node.directory() + "/conf/server.conf", configuration(node)),
                        exec(
                                node,
                                script(node, "tls-start")
                                        .with("address", node.host().address())
                                        .with("port", node.port())))
                .until(
                        condition(
                                node,
                                node.name() + " listens and accepts the servers of this cluster",
                                s -> wrong(s, trusted).isEmpty(),
                                s -> wrong(s, trusted).orElse("pgBackRest runs")),
                        MOMENT);
    }

    private Script configuration(Node node) {
        return Script.of("postgres/tls-server.conf")
                .with("inputs", inputs(node))
                .with("address", node.host().address())
                .with("port", node.port())
                .with("directory", node.directory())
                .with(
                        "clients",
                        cluster.repositoryServers().stream()
                                .map(n -> "tls-server-auth=" + n.name() + "=" + cluster.name())
                                .collect(Collectors.joining("\n")));
    }

    private Condition condition(
            Node node,
            String description,
            Predicate<RepositoryServerState> holds,
            java.util.function.Function<RepositoryServerState, String> message) {
        return new Condition(description, context -> {
            RepositoryServerState state =
                    probes.repository().look(context, List.of(node)).get(0);
            return new ProbeResult(holds.test(state), message.apply(state));
        });
    }

    private static Action write(Node node, String path, Script content) {
        return new Action.WriteFile(node.host(), path, content, "0644", "", MOMENT);
    }

    private static Action exec(Node node, Script script) {
        return new Action.RunScript(node.host(), script, Access.CHANGE, MOMENT);
    }

    private static Script script(Node node, String file) {
        return Script.of("postgres/" + file + ".sh").with("directory", node.directory());
    }
}
