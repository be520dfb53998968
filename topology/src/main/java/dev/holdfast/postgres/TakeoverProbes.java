package dev.holdfast.postgres;

import dev.holdfast.engine.Footing;
import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.PostgresCluster.Member;
import dev.holdfast.postgres.PostgresCluster.Proxy;
import dev.holdfast.postgres.TakeoverSeen.Leaving;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Script;
import dev.holdfast.world.State;
import dev.holdfast.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The narrow, fast look of role changes; changes nothing.
 *
 * <ol>
 *   <li>All at once: one script per host, one query per server, each with a deadline.
 *   <li>A server whose process is there but that did not answer is asked again: {@link #ATTEMPTS} real queries in all; so
 *       is the host of a primary that this run has stopped.
 *   <li>Of a primary: its followers again. Without one: what the lost primary's log holds beyond each standby's.
 * </ol>
 */
final class TakeoverProbes {

    /** So many real queries must stay without an answer before a server counts as silent. */
    static final int ATTEMPTS = 3;

    static final Duration SOON = Duration.ofSeconds(2);
    /** A server that was found silent before is not waited for as long again. */
    private static final Duration SOONER = Duration.ofSeconds(1);

    private static final Duration HOST = Duration.ofSeconds(5);
    private static final Duration BREATH = Duration.ofMillis(50);
    private static final Duration READING_LOG = Duration.ofSeconds(20);

    private final Topology topology;
    private final PostgresCluster cluster;
    private final Optional<String> to;
    private final boolean readsLogs;
    private final AtomicReference<Leaving> leaving = new AtomicReference<>();
    private final Set<Node> silent = ConcurrentHashMap.newKeySet();

    TakeoverProbes(Topology topology, PostgresCluster cluster) {
        this(topology, cluster, Optional.empty(), false);
    }

    /** A look that has the time to read where the logs of stopped standbys end. */
    static TakeoverProbes patient(Topology topology, PostgresCluster cluster) {
        return new TakeoverProbes(topology, cluster, Optional.empty(), true);
    }

    /** @param to who shall become primary, as asked for: of others nothing needs to be proven */
    TakeoverProbes(Topology topology, PostgresCluster cluster, Optional<String> to) {
        this(topology, cluster, to, false);
    }

    private TakeoverProbes(Topology topology, PostgresCluster cluster, Optional<String> to, boolean readsLogs) {
        this.readsLogs = readsLogs;
        this.topology = topology;
        this.cluster = cluster;
        this.to = to;
    }

    TakeoverSeen look(World world) {
        java.time.Instant at = world.now();
        Map<Node, Answer> servers = new ConcurrentHashMap<>();
        Map<Host, Answer> hosts = new ConcurrentHashMap<>();
        List<Supplier<Boolean>> questions = new ArrayList<>();
        byHost().forEach((host, nodes) -> questions.add(() -> hosts.put(host, world.ask(lookAt(host, nodes))) == null));
        cluster.servers().forEach(n -> questions.add(() -> servers.put(n, server(world, n)) == null));
        world.sideBySide(questions);
        awaitWhoWasLeft(world, hosts);
        askAgain(world, hosts, servers);
        List<MemberSeen> members = cluster.members().stream()
                .map(m -> member(m, hosts.get(m.node().host()), servers.get(m.node())))
                .toList();
        List<ProxySeen> proxies = cluster.proxies().stream()
                .map(p -> proxy(p, hosts.get(p.node().host())))
                .toList();
        PostgresSeen now = new PostgresSeen(
                at,
                cluster,
                members,
                proxies,
                Answer.ok(List.of()),
                Map.of(),
                List.of(),
                Map.of(),
                Map.of(),
                List.of());
        return told(world, now);
    }

    /** Nobody leads in the middle of a handover: the host of the one that was stopped is waited for, however slow it is. */
    private void awaitWhoWasLeft(World world, Map<Host, Answer> hosts) {
        Optional<String> left = Optional.ofNullable(leaving.get())
                .filter(l -> !l.started().isEmpty())
                .map(Leaving::name);
        byHost().forEach((host, nodes) -> {
            boolean isLeft =
                    nodes.stream().anyMatch(n -> left.filter(n.name()::equals).isPresent());
            for (int attempt = 1;
                    isLeft && attempt < ATTEMPTS && hosts.get(host).isSilent();
                    attempt++) {
                hosts.put(host, world.ask(lookAt(host, nodes, READING_LOG)));
            }
        });
    }

    private TakeoverSeen told(World world, PostgresSeen first) {
        if (first.primary().isPresent()) {
            MemberSeen primary = first.primary().get();
            leaving.compareAndSet(
                    null,
                    new Leaving(
                            primary.name(), primary.timeline(), primary.server().started()));
            Answer again = world.ask(sql(primary.node(), "again", SOON));
            PostgresSeen now = new PostgresSeen(
                    first.at(),
                    cluster,
                    first.members(),
                    first.proxies(),
                    again,
                    Map.of(),
                    List.of(),
                    Map.of(),
                    Map.of(),
                    List.of());
            return new TakeoverSeen(now, Optional.of(leaving.get()), Map.of());
        }
        TakeoverSeen seen = new TakeoverSeen(first, Optional.ofNullable(leaving.get()), Map.of());
        seen.lost().ifPresent(l -> leaving.compareAndSet(null, new Leaving(l.name(), l.timeline(), "")));
        return new TakeoverSeen(first, Optional.ofNullable(leaving.get()), gaps(world, seen));
    }

    /** Only what the record does not prove is read from the lost primary's log. */
    private Map<String, Gap> gaps(World world, TakeoverSeen seen) {
        Optional<MemberSeen> lost = seen.lost().filter(l -> !l.isOutOfReach());
        List<MemberSeen> asked = seen.standbys().stream()
                .filter(s -> to.map(s.name()::equals).orElse(true))
                .toList();
        Map<String, Gap> gaps = new LinkedHashMap<>();
        if (lost.isPresent() && asked.stream().noneMatch(new InSync(seen)::isProven)) {
            asked.forEach(s -> gaps.put(s.name(), gap(world, lost.get(), s)));
        }
        return gaps;
    }

    private Gap gap(World world, MemberSeen lost, MemberSeen standby) {
        Wal from = standby.server().end();
        Script script = Script.of("postgres/gap.sh")
                .with("directory", lost.node().directory())
                .with("binaries", lost.host().programs().getOrDefault(lost.major(), ""))
                .with("timeline", standby.timeline())
                .with("position", from.toString());
        return Gap.of(world.ask(new Action.Exec(lost.node().host(), script, Intent.LOOK, READING_LOG)), from);
    }

    private void askAgain(World world, Map<Host, Answer> hosts, Map<Node, Answer> servers) {
        for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
            List<Node> asked = cluster.servers().stream()
                    .filter(n -> !silent.contains(n))
                    .filter(n -> servers.get(n).isSilent()
                            && footing(n, hosts.get(n.host())).isUp())
                    .toList();
            if (asked.isEmpty()) {
                return;
            }
            world.pause(BREATH);
            world.sideBySide(asked.stream()
                    .<Supplier<Boolean>>map(n -> () -> servers.put(n, server(world, n)) == null)
                    .toList());
        }
        cluster.servers().stream().filter(n -> servers.get(n).isSilent()).forEach(silent::add);
    }

    private Map<Host, List<Node>> byHost() {
        return Stream.concat(
                        cluster.servers().stream(), cluster.proxies().stream().map(Proxy::node))
                .collect(Collectors.groupingBy(Node::host, LinkedHashMap::new, Collectors.toList()));
    }

    private Action lookAt(Host host, List<Node> nodes) {
        return lookAt(host, nodes, readsLogs ? READING_LOG : HOST);
    }

    private Action lookAt(Host host, List<Node> nodes, Duration deadline) {
        String lines = nodes.stream()
                .map(n -> n.id() + "\t" + n.directory() + "\t" + kind(n))
                .collect(Collectors.joining("\n"));
        Script script = Script.of("postgres/takeover-look.sh")
                .with("nodes", lines)
                .with("mark", topology.name())
                .with("ends", readsLogs ? "yes" : "no")
                .with("binaries", cluster.binaries());
        return new Action.Exec(host, script, Intent.LOOK, deadline);
    }

    private static String kind(Node node) {
        return switch (node.kind()) {
            case HAPROXY -> "proxy";
            case PGBOUNCER -> "pooler";
            default -> "server";
        };
    }

    Answer server(World world, Node node) {
        return world.ask(sql(node, "takeover-look", silent.contains(node) ? SOONER : SOON));
    }

    Action sql(Node node, String file, Duration deadline) {
        return new Action.Sql(
                node,
                PostgresProbes.admin(cluster),
                PostgresCluster.ADMIN,
                Script.of("postgres/" + file + ".sql"),
                Intent.LOOK,
                deadline);
    }

    /** One member, by its host alone. */
    MemberSeen disk(World world, Member member) {
        Node node = member.node();
        return member(member, world.ask(lookAt(node.host(), List.of(node))), Answer.silent("not asked"));
    }

    List<ProxySeen> proxies(World world, List<Proxy> proxies) {
        return world.sideBySide(proxies.stream()
                .<Supplier<ProxySeen>>map(p ->
                        () -> proxy(p, world.ask(lookAt(p.node().host(), List.of(p.node())))))
                .toList());
    }

    private static MemberSeen member(Member member, Answer host, Answer server) {
        String told = host.isOk() ? host.text() : "";
        return MemberSeen.of(
                member,
                footing(member.node(), host),
                HostSeen.of(host),
                DiskSeen.of(member.node().id(), told),
                server);
    }

    private ProxySeen proxy(Proxy proxy, Answer host) {
        return ProxySeen.of(cluster, proxy, footing(proxy.node(), host), false, host.isOk() ? host.text() : "");
    }

    private static Footing footing(Node node, Answer host) {
        if (!host.isOk()) {
            return new Footing(State.SILENT, Ground.UNKNOWN, false, Map.of(), host.sentence());
        }
        return host.text()
                .lines()
                .map(l -> l.split("\t", -1))
                .filter(l -> l[0].equals("node") && l[1].equals(node.id()))
                .findFirst()
                .map(l -> new Footing(
                        l[2].equals("up") ? State.UP : State.DOWN,
                        Ground.valueOf(l[4].toUpperCase(java.util.Locale.ROOT)),
                        l[5].equals("taken"),
                        Map.of(),
                        ""))
                .orElse(new Footing(State.DOWN, Ground.ABSENT, false, Map.of(), ""));
    }
}
