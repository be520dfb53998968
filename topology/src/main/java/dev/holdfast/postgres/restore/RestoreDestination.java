package dev.holdfast.postgres.restore;

import dev.holdfast.backup.RestoreRequest;
import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.configuration.PgBackRestConfig;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.postgres.topology.PostgresCredentials;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The destination of a restore: a scratch server next to the members, or the primary's directory. */
public final class RestoreDestination {

    private static final String GROUP = "restored-";
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 10_000;
    private static final Duration LOOK = Duration.ofSeconds(20);

    private final Topology topology;
    private final PostgresCluster cluster;
    private final RestoreRequest.Destination into;

    public RestoreDestination(Topology topology, PostgresCluster cluster, RestoreRequest.Destination into) {
        this.topology = topology;
        this.cluster = cluster;
        this.into = into;
    }

    boolean isSideBySide() {
        return into instanceof RestoreRequest.SideBySide;
    }

    boolean isInPlace() {
        return into instanceof RestoreRequest.InPlace;
    }

    /** Returns a scratch server on one of the members' hosts. */
    static Node scratch(PostgresCluster cluster, Node sideBySide, String label) {
        Host host = sideBySide.host();
        String group = GROUP + label;
        int port = FIRST_PORT + Math.floorMod((cluster.name() + "/" + label).hashCode(), PORTS);
        return new Node(
                cluster.name(),
                group,
                sideBySide.name(),
                Node.Kind.POSTGRES,
                host,
                port,
                host.directory() + "/" + host.name() + "/" + cluster.name() + "/" + group);
    }

    /** Returns the scratch server of a cluster from its mark on a host, with any label. */
    static Optional<Node> scratch(PostgresCluster cluster, Host host, String id, String directory) {
        String[] parts = id.split("/", 3);
        boolean isOurs = parts.length == 3 && parts[0].equals(cluster.name()) && parts[1].startsWith(GROUP);
        return isOurs
                ? Optional.of(new Node(parts[0], parts[1], parts[2], Node.Kind.POSTGRES, host, 0, directory))
                : Optional.empty();
    }

    /** Returns the label of a scratch server. */
    public static String label(Node scratch) {
        return scratch.group().substring(GROUP.length());
    }

    /**
     * Side by side: on the host of the last member that answers, to spare the primary's host; otherwise the primary's
     * directory.
     */
    Member choose(ExecutionContext context, PostgresState now) {
        if (into instanceof RestoreRequest.SideBySide sideBySide) {
            List<Node> scratches = now.members().stream()
                    .filter(m -> !m.isOutOfReach())
                    .map(m -> scratch(cluster, m.node(), sideBySide.label()))
                    .toList();
            Map<Node, HostFacts> hostFactsByNode = hostFacts(context, scratches);
            Node chosen = scratches.stream()
                    .filter(n -> hostFactsByNode.get(n).directoryOwner() == DirectoryOwner.OURS)
                    .findFirst()
                    .orElseGet(() -> scratches.isEmpty()
                            ? scratch(cluster, cluster.servers().get(0), sideBySide.label())
                            : scratches.get(scratches.size() - 1));
            return new Member(chosen, MemberRole.SYNC);
        }
        Optional<Member> named = now.members().stream()
                .flatMap(m -> m.disk().fence().stream())
                .filter(FenceMark::isRestore)
                .map(FenceMark::to)
                .flatMap(to -> now.declared(to).stream())
                .findFirst();
        return named.or(() -> now.leader().map(MemberState::member)).orElse(cluster.declaredPrimary());
    }

    /** Returns the scratch server of a label; empty when none exists. */
    public Optional<Node> there(ExecutionContext context, String label) {
        List<Node> scratches =
                cluster.servers().stream().map(n -> scratch(cluster, n, label)).toList();
        Map<Node, HostFacts> hostFactsByNode = hostFacts(context, scratches);
        return scratches.stream()
                .filter(n -> hostFactsByNode.get(n).directoryOwner() == DirectoryOwner.OURS)
                .findFirst();
    }

    DestinationState look(ExecutionContext context, Node node) {
        AtomicReference<ScriptAnswer> result = new AtomicReference<>();
        AtomicReference<HostFacts> stands = new AtomicReference<>();
        context.sideBySide(List.<Supplier<Boolean>>of(
                () -> {
                    result.set(DestinationState.LOOK.read(context.ask(PgBackRestConfig.exec(
                            node.host(),
                            Script.of(DestinationState.LOOK.script()).with("directory", node.directory()),
                            Access.LOOK,
                            LOOK))));
                    return true;
                },
                () -> {
                    stands.set(hostFacts(context, List.of(node)).get(node));
                    return true;
                }));
        ScriptAnswer host = result.get();
        HostFacts hostFacts = stands.get();
        ScriptAnswer silent = ScriptAnswer.silent("the server was not queried");
        DestinationState first =
                DestinationState.of(host, hostFacts.directoryOwner(), hostFacts.portTaken(), silent.result(), silent);
        if (!first.isUp()) {
            return first;
        }
        ActionResult server = context.ask(new Action.RunSql(
                node,
                PostgresCredentials.admin(cluster),
                PostgresCluster.ADMIN,
                Script.of("postgres/restore-look.sql"),
                Access.LOOK,
                LOOK));
        DestinationState asked =
                DestinationState.of(host, hostFacts.directoryOwner(), hostFacts.portTaken(), server, silent);
        if (!asked.isLockedOut()) {
            return asked;
        }
        Script locally = Script.of(DestinationState.REPLAY.script())
                .with("directory", node.directory())
                .with("port", node.port())
                .with("superuser", PostgresCluster.ADMIN);
        ScriptAnswer local = DestinationState.REPLAY.read(
                context.ask(PgBackRestConfig.exec(node.host(), locally, Access.LOOK, LOOK)));
        return DestinationState.of(host, hostFacts.directoryOwner(), hostFacts.portTaken(), server, local);
    }

    private Map<Node, HostFacts> hostFacts(ExecutionContext context, List<Node> nodes) {
        return HostFacts.look(context, topology.name(), nodes, n -> n.data() + "/postmaster.pid", List.of());
    }
}
