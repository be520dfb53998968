package dev.holdfast.postgres.probe;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.ServiceFacts;
import dev.holdfast.engine.ServiceProbe;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.configuration.PgBackRestConfig;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.state.ArchivingState;
import dev.holdfast.postgres.state.DataDirectoryState;
import dev.holdfast.postgres.state.DirectoryRecords;
import dev.holdfast.postgres.state.InstalledVersions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ProxyState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.PostgresCredentials;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The probe of a PostgreSQL cluster; changes nothing.
 *
 * <ol>
 *   <li>Query in parallel: every host for the processes, directories and files of its nodes; every server; every proxy.
 *   <li>Then query the primary for its followers again. A close probe also tests the passwords of the roles, finds outdated
 *       password files, and reads the archiving state.
 * </ol>
 */
public final class ClusterProbe {

    public static final Duration SOON = HostProbes.SOON;

    private final Topology topology;
    private final PostgresCluster cluster;
    private final HostProbes onHosts;
    private final ProxyProbes proxyProbes;

    public ClusterProbe(Topology topology, PostgresCluster cluster) {
        this.topology = topology;
        this.cluster = cluster;
        this.onHosts = new HostProbes(topology);
        this.proxyProbes = new ProxyProbes(cluster, onHosts);
    }

    ProxyProbes proxyProbes() {
        return proxyProbes;
    }

    public RepositoryProbes repository() {
        return new RepositoryProbes(onHosts);
    }

    /** The results of the parallel queries; each query fills its own field. */
    private static final class Sheet {
        private Map<Node, HostFacts> hostFacts = Map.of();
        private Map<Node, ServiceFacts> services = Map.of();
        private Map<Host, ScriptAnswer> hosts = Map.of();
        private Map<Host, ScriptAnswer> proxies = Map.of();
        private Map<Host, ScriptAnswer> repository = Map.of();
        private Map<Host, ScriptAnswer> poolers = Map.of();
        private HostProbes.Lacking undeclared = HostProbes.Lacking.NONE;
        private HostProbes.Lacking outdated = HostProbes.Lacking.NONE;
        private Map<Node, ArchivingState> archives = Map.of();
        private ActionResult again = ActionResult.ok(List.of());
        private final Map<Node, ActionResult> servers = new ConcurrentHashMap<>();
        private final Map<String, ActionResult> credentials = new ConcurrentHashMap<>();
        private final Map<String, ActionResult> lookups = new ConcurrentHashMap<>();
        private final Map<Node, MemberState> tried = new ConcurrentHashMap<>();
        private final Map<Node, ActionResult> through = new ConcurrentHashMap<>();
    }

    /** @param closely whether to test the passwords; without a server, read-only commands need no secret */
    public PostgresState look(ExecutionContext context, boolean closely) {
        Instant at = context.now();
        Sheet sheet = new Sheet();
        List<Runnable> questions = new ArrayList<>();
        List<Node> nodes = proxyProbes.nodesAndReadEndpoints();
        questions.add(() -> sheet.hostFacts = onHosts.probeHosts(context, nodes));
        questions.add(
                () -> sheet.services = ServiceProbe.look(context, new MemberActions(topology, cluster).services()));
        questions.add(() -> sheet.hosts = hosts(context, cluster.servers()));
        questions.add(() -> sheet.proxies = ProxyProbes.hostResults(context, cluster.haproxies()));
        questions.add(() -> sheet.poolers = ProxyProbes.hostResults(context, cluster.poolers()));
        questions.add(() -> sheet.repository = RepositoryProbes.hostResults(context, cluster.repositoryServers()));
        cluster.servers().forEach(n -> questions.add(() -> sheet.servers.put(n, server(context, n))));
        HostProbes.sideBySide(context, questions);
        // a running process gets a second query: the first one may have failed because of high load
        HostProbes.sideBySide(
                context,
                cluster.servers().stream()
                        .filter(n -> sheet.servers.get(n).isSilent()
                                && sheet.hostFacts.get(n).isUp())
                        .<Runnable>map(n -> () -> sheet.servers.put(n, server(context, n)))
                        .toList());
        List<MemberState> members =
                cluster.members().stream().map(m -> member(sheet, m)).toList();
        List<ProxyState> proxies = cluster.proxies().stream()
                .map(p -> proxyProbes.state(sheet.hostFacts, p.isPooler() ? sheet.poolers : sheet.proxies, p))
                .toList();
        PostgresState first = new PostgresState(
                at,
                cluster,
                members,
                proxies,
                sheet.again,
                Map.of(),
                sheet.outdated.nodes(),
                sheet.archives,
                Map.of(),
                List.of());
        List<Runnable> more = new ArrayList<>();
        first.primary().ifPresent(primary -> more.addAll(again(context, closely, sheet, primary)));
        if (!closely) {
            // why a server cannot archive is asked for only then
            first.primary()
                    .filter(p -> !p.isOutOfReach() && p.server().isArchivingFailing())
                    .ifPresent(p -> more.add(
                            () -> sheet.archives = PgBackRestConfig.look(context, topology, cluster, List.of(p))));
        } else {
            List<MemberState> withDatabase = members.stream()
                    .filter(m -> !m.isOutOfReach() && m.disk().hasDatabase())
                    .toList();
            SettingsTrial check = new SettingsTrial(cluster, new MemberActions(topology, cluster));
            members.stream()
                    .filter(check::isNeeded)
                    .forEach(m -> more.add(() -> sheet.tried.put(m.node(), check.tried(context, m))));
            more.add(() -> sheet.archives = PgBackRestConfig.look(context, topology, cluster, withDatabase));
            if (!cluster.poolers().isEmpty()) {
                List<Node> running = proxies.stream()
                        .filter(p -> p.proxy().isPooler() && p.isUp())
                        .map(ProxyState::node)
                        .toList();
                more.add(() -> sheet.undeclared = proxyProbes.undeclared(context, running));
                first.primary().ifPresent(p -> more.addAll(pooled(context, sheet, p, proxies)));
            }
            if (first.primary().isPresent()) {
                List<Node> holders =
                        withDatabase.stream().map(MemberState::node).toList();
                more.add(() -> sheet.outdated = outdated(context, holders));
            }
        }
        HostProbes.sideBySide(context, more);
        PostgresState state = new PostgresState(
                at,
                cluster,
                members.stream()
                        .map(m -> sheet.tried.getOrDefault(m.node(), m))
                        .map(m -> sheet.outdated.unknown().containsKey(m.node())
                                ? m.confirmedBy(sheet.outdated.unknown().get(m.node()))
                                : m)
                        .toList(),
                proxies.stream()
                        .map(p -> sheet.through.containsKey(p.node()) ? p.answered(sheet.through.get(p.node())) : p)
                        .map(p -> sheet.undeclared.unknown().containsKey(p.node())
                                ? p.confirmedBy(sheet.undeclared.unknown().get(p.node()))
                                : p)
                        .toList(),
                sheet.again,
                sheet.credentials,
                Stream.concat(sheet.outdated.nodes().stream(), sheet.undeclared.nodes().stream())
                        .toList(),
                sheet.archives,
                sheet.lookups,
                RepositoryProbes.state(sheet.hostFacts, sheet.repository, cluster.repositoryServers()));
        return WalContinuityProbe.look(context, SplitBrainProbe.look(context, state));
    }

    private List<Runnable> again(ExecutionContext context, boolean closely, Sheet sheet, MemberState primary) {
        List<Runnable> questions = new ArrayList<>();
        questions.add(() -> sheet.again =
                context.ask(sql(primary.node(), PostgresCredentials.admin(cluster), "postgres/follower-state.sql")));
        Map<String, Credentials> credentials = closely ? credentials(primary) : Map.of();
        credentials.forEach((role, login) -> questions.add(
                () -> sheet.credentials.put(role, context.ask(sql(primary.node(), login, "postgres/login.sql")))));
        return questions;
    }

    /** Queries what only PgBouncers need: the password lookup function, and a query through each PgBouncer. */
    private List<Runnable> pooled(
            ExecutionContext context, Sheet sheet, MemberState primary, List<ProxyState> proxies) {
        List<Runnable> questions = new ArrayList<>();
        for (String database : cluster.pooledDatabases()) {
            questions.add(() -> sheet.lookups.put(database, proxyProbes.lookup(context, primary.node(), database)));
        }
        proxies.stream()
                .filter(p -> p.proxy().isPooler() && p.isUp())
                .filter(p -> p.writesGoTo().equals(List.of(primary.name())))
                .forEach(p -> questions.add(() -> sheet.through.put(p.node(), proxyProbes.through(context, p.node()))));
        return questions;
    }

    /** Queries one member, through its host and its server. */
    MemberState member(ExecutionContext context, Member member) {
        Sheet sheet = new Sheet();
        List<Node> one = List.of(member.node());
        HostProbes.sideBySide(
                context,
                List.of(
                        () -> sheet.hostFacts = onHosts.probeHosts(context, one),
                        () -> sheet.hosts = hosts(context, one),
                        () -> sheet.servers.put(member.node(), server(context, member.node()))));
        return member(sheet, member);
    }

    private static MemberState member(Sheet sheet, Member member) {
        Node node = member.node();
        ScriptAnswer host = sheet.hosts.get(node.host());
        return MemberState.of(
                member,
                sheet.hostFacts.get(node).confirmedBy(host.result()).withService(sheet.services.get(node)),
                InstalledVersions.of(host),
                DataDirectoryState.of(node.id(), host),
                sheet.servers.get(node));
    }

    /** Queries one server. */
    ActionResult server(ExecutionContext context, Node node) {
        return context.ask(lookAt(node));
    }

    /** Parses the host's answer about one member's directory: {@code postgres/look.sh}. */
    public ScriptAnswer disk(ExecutionContext context, Node node) {
        return hosts(context, List.of(node)).get(node.host());
    }

    HostFacts hostFacts(ExecutionContext context, Node node) {
        return onHosts.probeHosts(context, List.of(node)).get(node);
    }

    private Map<Host, ScriptAnswer> hosts(ExecutionContext context, List<Node> nodes) {
        Script script = Script.of(DirectoryRecords.LOOK.script());
        return HostProbes.ask(context, nodes, h -> script.with("binaries", cluster.binaries(h)), DirectoryRecords.LOOK);
    }

    /** Returns the nodes with an outdated password file. */
    HostProbes.Lacking outdated(ExecutionContext context, List<Node> nodes) {
        return HostProbes.outdated(
                context, nodes, PostgresCredentials.withPasswords(cluster, Script.of("postgres/pgpass-look.sh")));
    }

    private Action lookAt(Node node) {
        Set<String> names = new LinkedHashSet<>();
        cluster.members()
                .forEach(m -> names.addAll(ServerConfiguration.of(cluster, m).keySet()));
        List<String> roles = new ArrayList<>(List.of(PostgresCluster.REPLICATION, PostgresCluster.REWIND));
        if (!cluster.poolers().isEmpty()) {
            roles.add(PostgresCluster.POOLER);
        }
        cluster.users().forEach(u -> roles.add(u.name()));
        Script script = Script.of("postgres/look.sql")
                .with("names", String.join(",", names))
                .with("roles", String.join(",", roles))
                .with("rewinder", PostgresCluster.REWIND)
                .with("database", cluster.database());
        return new Action.RunSql(
                node, PostgresCredentials.admin(cluster), PostgresCluster.ADMIN, script, Access.LOOK, SOON);
    }

    private static Action sql(Node node, Credentials login, String file) {
        return new Action.RunSql(node, login, PostgresCluster.ADMIN, Script.of(file), Access.LOOK, SOON);
    }

    /** Returns the existing roles, with their desired passwords. */
    private Map<String, Credentials> credentials(MemberState primary) {
        Map<String, Credentials> credentials = new LinkedHashMap<>();
        PostgresCredentials.ofRoles(cluster).forEach((role, password) -> {
            if (primary.server().roles().containsKey(role)) {
                credentials.put(role, new Credentials(role, password, ""));
            }
        });
        return credentials;
    }
}
