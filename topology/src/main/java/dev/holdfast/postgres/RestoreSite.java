package dev.holdfast.postgres;

import dev.holdfast.backup.RestoreOrder;
import dev.holdfast.engine.Footing;
import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.PostgresCluster.Member;
import dev.holdfast.postgres.PostgresCluster.Part;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Where a moment is brought back: a scratch server beside the others, or the place of the primary. */
final class RestoreSite {

    private static final String GROUP = "restored-";
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 10_000;
    private static final Duration LOOK = Duration.ofSeconds(20);

    private final Topology topology;
    private final PostgresCluster cluster;
    private final RestoreOrder.Into into;

    RestoreSite(Topology topology, PostgresCluster cluster, RestoreOrder.Into into) {
        this.topology = topology;
        this.cluster = cluster;
        this.into = into;
    }

    boolean isBeside() {
        return into instanceof RestoreOrder.Beside;
    }

    boolean isInPlace() {
        return into instanceof RestoreOrder.InPlace;
    }

    /** A scratch server on one of the members' hosts. */
    static Node scratch(PostgresCluster cluster, Node beside, String label) {
        Host host = beside.host();
        String group = GROUP + label;
        int port = FIRST_PORT + Math.floorMod((cluster.name() + "/" + label).hashCode(), PORTS);
        return new Node(
                cluster.name(),
                group,
                beside.name(),
                Node.Kind.POSTGRES,
                host,
                port,
                host.directory() + "/" + host.name() + "/" + cluster.name() + "/" + group);
    }

    /** A scratch server of a cluster by the mark that it left on a host, whatever its label. */
    static Optional<Node> scratch(PostgresCluster cluster, Host host, String id, String directory) {
        String[] parts = id.split("/", 3);
        boolean isOurs = parts.length == 3 && parts[0].equals(cluster.name()) && parts[1].startsWith(GROUP);
        return isOurs
                ? Optional.of(new Node(parts[0], parts[1], parts[2], Node.Kind.POSTGRES, host, 0, directory))
                : Optional.empty();
    }

    /** The label of a scratch server. */
    static String label(Node scratch) {
        return scratch.group().substring(GROUP.length());
    }

    /** Beside: on the host of the last member that answers, so that the primary's is spared; else the primary's place. */
    Member choose(World world, PostgresSeen now) {
        if (into instanceof RestoreOrder.Beside beside) {
            List<Node> scratches = now.members().stream()
                    .filter(m -> !m.isOutOfReach())
                    .map(m -> scratch(cluster, m.node(), beside.label()))
                    .toList();
            Map<Node, Footing> footings = footings(world, scratches);
            Node chosen = scratches.stream()
                    .filter(n -> footings.get(n).ground() == Ground.OURS)
                    .findFirst()
                    .orElseGet(() -> scratches.isEmpty()
                            ? scratch(cluster, cluster.servers().get(0), beside.label())
                            : scratches.get(scratches.size() - 1));
            return new Member(chosen, Part.SYNC);
        }
        Optional<Member> named = now.members().stream()
                .flatMap(m -> m.disk().fence().stream())
                .filter(Fence::isRestore)
                .map(Fence::to)
                .flatMap(to -> now.declared(to).stream())
                .findFirst();
        return named.or(() -> now.leader().map(MemberSeen::member)).orElse(cluster.declaredPrimary());
    }

    /** Where a label's scratch server is; empty when there is none. */
    Optional<Node> there(World world, String label) {
        List<Node> scratches =
                cluster.servers().stream().map(n -> scratch(cluster, n, label)).toList();
        Map<Node, Footing> footings = footings(world, scratches);
        return scratches.stream()
                .filter(n -> footings.get(n).ground() == Ground.OURS)
                .findFirst();
    }

    SiteSeen look(World world, Node node) {
        AtomicReference<Answer> told = new AtomicReference<>();
        AtomicReference<Footing> stands = new AtomicReference<>();
        world.sideBySide(List.<Supplier<Boolean>>of(
                () -> {
                    told.set(world.ask(Archive.exec(
                            node.host(),
                            Script.of("postgres/restore-look.sh").with("directory", node.directory()),
                            Intent.LOOK,
                            LOOK)));
                    return true;
                },
                () -> {
                    stands.set(footings(world, List.of(node)).get(node));
                    return true;
                }));
        Answer host = told.get();
        Footing footing = stands.get();
        SiteSeen first = SiteSeen.of(host, footing.ground(), footing.portTaken(), Answer.silent("not running"));
        if (!first.isUp()) {
            return first;
        }
        Answer server = world.ask(new Action.Sql(
                node,
                PostgresProbes.admin(cluster),
                PostgresCluster.ADMIN,
                Script.of("postgres/restore-look.sql"),
                Intent.LOOK,
                LOOK));
        return SiteSeen.of(host, footing.ground(), footing.portTaken(), server);
    }

    private Map<Node, Footing> footings(World world, List<Node> nodes) {
        return Footing.look(world, topology.name(), nodes, n -> n.data() + "/postmaster.pid", List.of());
    }
}
