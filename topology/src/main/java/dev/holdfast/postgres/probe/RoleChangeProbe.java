package dev.holdfast.postgres.probe;

import dev.holdfast.engine.HostFacts;
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
import dev.holdfast.postgres.state.DataDirectoryState;
import dev.holdfast.postgres.state.DirectoryRecords;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.InstalledVersions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.OwnPromotions;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ProxyState;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.state.RoleChangeState.Leaving;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.PostgresCluster.Proxy;
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
 * The narrow, fast probe of role changes; changes nothing.
 *
 * <ol>
 *   <li>Query in parallel: one script per host and one query per server, each with a deadline.
 *   <li>Query again each server that has a process but did not answer, {@link #ATTEMPTS} times in all. Query again also the
 *       host of a primary that this run has stopped.
 *   <li>In parallel, where no primary answers, collect {@link PrimaryEvidence} from other nodes. Otherwise, query the followers
 *       of the primary again.
 * </ol>
 */
public final class RoleChangeProbe {

    /** The number of queries without an answer after which a server counts as unreachable. */
    public static final int ATTEMPTS = 3;
    /** The deadline of each of these queries. */
    public static final Duration LIMIT = RoleChangeQueries.SOON;

    private static final Duration HOST = Duration.ofSeconds(5);
    private static final Duration BREATH = Duration.ofMillis(50);
    private static final Duration READING_LOG = RoleChangeQueries.READING_LOG;

    private final Topology topology;
    private final PostgresCluster cluster;
    private final Optional<String> to;
    private final boolean readsLogs;
    private final boolean isFailover;
    private final AtomicReference<Leaving> leaving = new AtomicReference<>();
    private final Set<FenceMark> fences = ConcurrentHashMap.newKeySet();
    private final Set<String> promoted = ConcurrentHashMap.newKeySet();
    private final RoleChangeQueries queries;

    public RoleChangeProbe(Topology topology, PostgresCluster cluster) {
        this(topology, cluster, Optional.empty(), false, false);
    }

    /** A probe that also reads the end of WAL of stopped standbys, and the archiving state of the primary. */
    public static RoleChangeProbe patient(Topology topology, PostgresCluster cluster) {
        return new RoleChangeProbe(topology, cluster, Optional.empty(), true, false);
    }

    /**
     * Probes for a failover: also which nodes still reach the primary, and how its WAL compares with that of the standbys.
     *
     * @param to the member to promote, if one is named: only this member needs proof
     */
    public RoleChangeProbe(Topology topology, PostgresCluster cluster, Optional<String> to) {
        this(topology, cluster, to, false, true);
    }

    private RoleChangeProbe(
            Topology topology, PostgresCluster cluster, Optional<String> to, boolean readsLogs, boolean isFailover) {
        this.isFailover = isFailover;
        this.readsLogs = readsLogs;
        this.topology = topology;
        this.cluster = cluster;
        this.to = to;
        this.queries = new RoleChangeQueries(cluster);
    }

    /** Notes a fence that this run writes. */
    public FenceMark fences(FenceMark fence) {
        fences.add(fence);
        return fence;
    }

    /** Notes a member that this run promotes. */
    public void promotes(String name) {
        promoted.add(name);
    }

    public RoleChangeState look(ExecutionContext context) {
        java.time.Instant at = context.now();
        Map<Node, ActionResult> servers = new ConcurrentHashMap<>();
        Map<Host, ScriptAnswer> hosts = new ConcurrentHashMap<>();
        List<Supplier<Boolean>> questions = new ArrayList<>();
        byHost().forEach((host, nodes) -> questions.add(() -> hosts.put(host, answer(context, host, nodes)) == null));
        cluster.servers().forEach(n -> questions.add(() -> servers.put(n, queries.server(context, n)) == null));
        context.sideBySide(questions);
        awaitRemaining(context, hosts);
        // other nodes are queried about the primary in parallel with its own second query
        RoleChangeState first = lookedAt(at, hosts, servers);
        AtomicReference<PrimaryEvidence> evidence = new AtomicReference<>();
        List<Supplier<Boolean>> again = new ArrayList<>(List.of(() -> askAgain(context, hosts, servers)));
        if (isFailover && first.now().primaries().isEmpty()) {
            again.add(() -> evidence.compareAndSet(
                    null, PrimaryEvidence.look(context, queries, to, first, PrimaryEvidence.NOTHING)));
        }
        context.sideBySide(again);
        return withReports(context, lookedAt(at, hosts, servers).now(), Optional.ofNullable(evidence.get()));
    }

    private RoleChangeState lookedAt(
            java.time.Instant at, Map<Host, ScriptAnswer> hosts, Map<Node, ActionResult> servers) {
        List<MemberState> members = cluster.members().stream()
                .map(m -> member(m, hosts.get(m.node().host()), servers.get(m.node())))
                .toList();
        PatroniGuard.check(cluster, members);
        List<ProxyState> proxies = cluster.proxies().stream()
                .map(p -> proxy(p, hosts.get(p.node().host())))
                .toList();
        PostgresState now = new PostgresState(
                at,
                cluster,
                members,
                proxies,
                ActionResult.ok(List.of()),
                Map.of(),
                List.of(),
                Map.of(),
                Map.of(),
                List.of());
        return state(now);
    }

    private RoleChangeState state(PostgresState now) {
        return new RoleChangeState(
                now,
                Optional.ofNullable(leaving.get()),
                Map.of(),
                List.of(),
                new OwnPromotions(Set.copyOf(fences), Set.copyOf(promoted)));
    }

    /** In the middle of a switchover there is no primary, so the probe waits for the host of the stopped one, however slow. */
    private void awaitRemaining(ExecutionContext context, Map<Host, ScriptAnswer> hosts) {
        Optional<String> left = Optional.ofNullable(leaving.get())
                .filter(l -> !l.started().isEmpty())
                .map(Leaving::name);
        byHost().forEach((host, nodes) -> {
            boolean isLeft =
                    nodes.stream().anyMatch(n -> left.filter(n.name()::equals).isPresent());
            for (int attempt = 1;
                    isLeft && attempt < ATTEMPTS && hosts.get(host).result().isSilent();
                    attempt++) {
                hosts.put(host, answer(context, host, nodes, READING_LOG));
            }
        });
    }

    private RoleChangeState withReports(
            ExecutionContext context, PostgresState looked, Optional<PrimaryEvidence> evidence) {
        PostgresState first = SplitBrainProbe.look(context, looked);
        if (first.primary().isPresent()) {
            MemberState primary = first.primary().get();
            leaving.compareAndSet(
                    null,
                    new Leaving(
                            primary.name(), primary.timeline(), primary.server().started()));
            ActionResult again = context.ask(queries.sql(primary.node(), "follower-state", RoleChangeQueries.SOON));
            PostgresState now = new PostgresState(
                    first.at(),
                    cluster,
                    first.members(),
                    first.proxies(),
                    again,
                    Map.of(),
                    List.of(),
                    // a member that returns reads the archive, and a switchover ends the timeline of what waits
                    readsLogs || !isFailover && (primary.server().isArchivingFailing() || isOneDown(first))
                            ? PgBackRestConfig.look(context, topology, cluster, List.of(primary))
                            : Map.of(),
                    Map.of(),
                    List.of());
            return state(WalContinuityProbe.look(context, now));
        }
        state(first).lost().ifPresent(l -> leaving.compareAndSet(null, new Leaving(l.name(), l.timeline(), "")));
        RoleChangeState now = state(first);
        if (!isFailover) {
            return now;
        }
        return PrimaryEvidence.look(context, queries, to, now, evidence.orElse(PrimaryEvidence.NOTHING))
                .with(now);
    }

    private static boolean isOneDown(PostgresState state) {
        return state.others().anyMatch(m -> m.isDown() && m.hasDatabase());
    }

    private boolean askAgain(ExecutionContext context, Map<Host, ScriptAnswer> hosts, Map<Node, ActionResult> servers) {
        for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
            List<Node> asked = cluster.servers().stream()
                    .filter(n -> !queries.isSlow(n))
                    .filter(n -> servers.get(n).isSilent()
                            && HostFacts.of(n, hosts.get(n.host())).isUp())
                    .toList();
            if (asked.isEmpty()) {
                return false;
            }
            context.pause(BREATH);
            context.sideBySide(asked.stream()
                    .<Supplier<Boolean>>map(n -> () -> servers.put(n, queries.server(context, n)) == null)
                    .toList());
        }
        cluster.servers().stream().filter(n -> servers.get(n).isSilent()).forEach(queries::slow);
        return true;
    }

    RoleChangeQueries queries() {
        return queries;
    }

    private Map<Host, List<Node>> byHost() {
        return Stream.concat(
                        cluster.servers().stream(), cluster.proxies().stream().map(Proxy::node))
                .collect(Collectors.groupingBy(Node::host, LinkedHashMap::new, Collectors.toList()));
    }

    private ScriptAnswer answer(ExecutionContext context, Host host, List<Node> nodes) {
        return answer(context, host, nodes, readsLogs ? READING_LOG : HOST);
    }

    private ScriptAnswer answer(ExecutionContext context, Host host, List<Node> nodes, Duration deadline) {
        String lines = nodes.stream()
                .map(n -> String.join(
                        "\t", n.id(), n.directory(), kind(n), n.host().address(), Integer.toString(n.port())))
                .collect(Collectors.joining("\n"));
        Script script = Script.of(DirectoryRecords.ROLE_CHANGE.script())
                .with("nodes", lines)
                .with("mark", topology.name())
                .with("ends", readsLogs ? "yes" : "no")
                .with("binaries", cluster.binaries(host));
        return DirectoryRecords.ROLE_CHANGE.read(
                context.ask(new Action.RunScript(host, script, Access.LOOK, deadline)));
    }

    private static String kind(Node node) {
        return switch (node.kind()) {
            case HAPROXY -> "proxy";
            case PGBOUNCER -> "pooler";
            default -> "server";
        };
    }

    /** Queries one member through its host only. */
    MemberState disk(ExecutionContext context, Member member) {
        Node node = member.node();
        return member(member, answer(context, node.host(), List.of(node)), ActionResult.silent("not asked"));
    }

    /** Queries one member through its host and its server. */
    public MemberState whole(ExecutionContext context, Member member) {
        Node node = member.node();
        return member(member, answer(context, node.host(), List.of(node)), queries.server(context, node));
    }

    List<ProxyState> proxies(ExecutionContext context, List<Proxy> proxies) {
        return context.sideBySide(proxies.stream()
                .<Supplier<ProxyState>>map(p ->
                        () -> proxy(p, answer(context, p.node().host(), List.of(p.node()))))
                .toList());
    }

    private static MemberState member(Member member, ScriptAnswer host, ActionResult server) {
        Node node = member.node();
        return MemberState.of(
                member,
                HostFacts.of(node, host),
                InstalledVersions.of(host),
                DataDirectoryState.of(node.id(), host),
                server);
    }

    private ProxyState proxy(Proxy proxy, ScriptAnswer host) {
        return ProxyState.of(cluster, proxy, HostFacts.of(proxy.node(), host), false, host);
    }
}
