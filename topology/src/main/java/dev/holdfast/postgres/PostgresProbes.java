package dev.holdfast.postgres;

import dev.holdfast.engine.Footing;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Secret;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.PostgresCluster.Member;
import dev.holdfast.postgres.PostgresCluster.User;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Login;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
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
 * How a PostgreSQL cluster is looked at; changes nothing.
 *
 * <ol>
 *   <li>All at once: every host about its nodes' processes, folders and files; every server about itself; every proxy.
 *   <li>A moment later, of the primary: its followers again; and, when looking closely, whether every role's password is
 *       the one that is wanted, who does not know the passwords, and what archiving needs.
 * </ol>
 */
final class PostgresProbes {

    static final Duration SOON = Duration.ofSeconds(5);
    private final Topology topology;
    private final PostgresCluster cluster;
    private final HostProbes onHosts;
    private final EntranceProbes entrances;

    PostgresProbes(Topology topology, PostgresCluster cluster) {
        this.topology = topology;
        this.cluster = cluster;
        this.onHosts = new HostProbes(topology);
        this.entrances = new EntranceProbes(cluster, onHosts);
    }

    EntranceProbes entrances() {
        return entrances;
    }

    RepositoryProbes repository() {
        return new RepositoryProbes(onHosts);
    }

    /** What comes back from asking all at once; each question fills its own place. */
    private static final class Sheet {
        private Map<Node, Footing> footings = Map.of();
        private Map<Host, Answer> hosts = Map.of();
        private Map<Host, Answer> proxies = Map.of();
        private Map<Host, Answer> repository = Map.of();
        private Map<Host, Answer> poolers = Map.of();
        private List<Node> strangers = List.of();
        private List<Node> outdated = List.of();
        private Map<Node, ArchiveSeen> archives = Map.of();
        private Answer again = Answer.ok(List.of());
        private final Map<Node, Answer> servers = new ConcurrentHashMap<>();
        private final Map<String, Answer> logins = new ConcurrentHashMap<>();
        private final Map<String, Answer> lookups = new ConcurrentHashMap<>();
        private final Map<Node, Answer> through = new ConcurrentHashMap<>();
    }

    /** @param closely also tries the passwords; reading commands need no secret for it when there is no server */
    PostgresSeen look(World world, boolean closely) {
        Instant at = world.now();
        Sheet sheet = new Sheet();
        List<Runnable> questions = new ArrayList<>();
        List<Node> nodes = entrances.nodesAndReadEntrances();
        questions.add(() -> sheet.footings = onHosts.footings(world, nodes));
        questions.add(() -> sheet.hosts = hosts(world, cluster.servers()));
        questions.add(() -> sheet.proxies = EntranceProbes.told(world, cluster.haproxies()));
        questions.add(() -> sheet.poolers = EntranceProbes.told(world, cluster.poolers()));
        questions.add(() -> sheet.repository = RepositoryProbes.told(world, cluster.repositoryServers()));
        cluster.servers().forEach(n -> questions.add(() -> sheet.servers.put(n, server(world, n))));
        HostProbes.sideBySide(world, questions);
        // a process that is there gets a second chance to answer: the first look may have met a moment of high load
        HostProbes.sideBySide(
                world,
                cluster.servers().stream()
                        .filter(n -> sheet.servers.get(n).isSilent()
                                && sheet.footings.get(n).isUp())
                        .<Runnable>map(n -> () -> sheet.servers.put(n, server(world, n)))
                        .toList());
        List<MemberSeen> members =
                cluster.members().stream().map(m -> member(sheet, m)).toList();
        List<ProxySeen> proxies = cluster.proxies().stream()
                .map(p -> entrances.seen(sheet.footings, p.isPooler() ? sheet.poolers : sheet.proxies, p))
                .toList();
        PostgresSeen first = new PostgresSeen(
                at,
                cluster,
                members,
                proxies,
                sheet.again,
                Map.of(),
                sheet.outdated,
                sheet.archives,
                Map.of(),
                List.of());
        List<Runnable> more = new ArrayList<>();
        first.primary().ifPresent(primary -> more.addAll(again(world, closely, sheet, primary)));
        if (closely) {
            List<MemberSeen> born = members.stream()
                    .filter(m -> !m.isOutOfReach() && m.disk().hasDatabase())
                    .toList();
            more.add(() -> sheet.archives = Archive.look(world, topology, cluster, born));
            if (!cluster.poolers().isEmpty()) {
                List<Node> running = proxies.stream()
                        .filter(p -> p.proxy().isPooler() && p.isUp())
                        .map(ProxySeen::node)
                        .toList();
                more.add(() -> sheet.strangers = entrances.strangers(world, running));
                first.primary().ifPresent(p -> more.addAll(pooled(world, sheet, p, proxies)));
            }
            if (first.primary().isPresent()) {
                List<Node> holders = born.stream().map(MemberSeen::node).toList();
                more.add(() -> sheet.outdated = outdated(world, holders));
            }
        }
        HostProbes.sideBySide(world, more);
        return new PostgresSeen(
                at,
                cluster,
                members,
                proxies.stream()
                        .map(p -> sheet.through.containsKey(p.node()) ? p.answered(sheet.through.get(p.node())) : p)
                        .toList(),
                sheet.again,
                sheet.logins,
                Stream.concat(sheet.outdated.stream(), sheet.strangers.stream()).toList(),
                sheet.archives,
                sheet.lookups,
                RepositoryProbes.seen(sheet.footings, sheet.repository, cluster.repositoryServers()));
    }

    private List<Runnable> again(World world, boolean closely, Sheet sheet, MemberSeen primary) {
        List<Runnable> questions = new ArrayList<>();
        questions.add(() -> sheet.again = world.ask(sql(primary.node(), admin(cluster), "postgres/again.sql")));
        Map<String, Login> logins = closely ? logins(primary) : Map.of();
        logins.forEach((role, login) -> questions.add(
                () -> sheet.logins.put(role, world.ask(sql(primary.node(), login, "postgres/login.sql")))));
        return questions;
    }

    /** What only PgBouncers need: the function that looks passwords up, and an answer that comes through each. */
    private List<Runnable> pooled(World world, Sheet sheet, MemberSeen primary, List<ProxySeen> proxies) {
        List<Runnable> questions = new ArrayList<>();
        for (String database : cluster.pooledDatabases()) {
            questions.add(() -> sheet.lookups.put(database, entrances.lookup(world, primary.node(), database)));
        }
        proxies.stream()
                .filter(p -> p.proxy().isPooler() && p.isUp())
                .filter(p -> p.writesGoTo().equals(List.of(primary.name())))
                .forEach(p -> questions.add(() -> sheet.through.put(p.node(), entrances.through(world, p.node()))));
        return questions;
    }

    /** One member, by its host and its server. */
    MemberSeen member(World world, Member member) {
        Sheet sheet = new Sheet();
        List<Node> one = List.of(member.node());
        HostProbes.sideBySide(
                world,
                List.of(
                        () -> sheet.footings = onHosts.footings(world, one),
                        () -> sheet.hosts = hosts(world, one),
                        () -> sheet.servers.put(member.node(), server(world, member.node()))));
        return member(sheet, member);
    }

    private static MemberSeen member(Sheet sheet, Member member) {
        Node node = member.node();
        Answer host = sheet.hosts.get(node.host());
        String told = host.isOk() ? host.text() : "";
        return MemberSeen.of(
                member,
                sheet.footings.get(node),
                HostSeen.of(host),
                DiskSeen.of(node.id(), told),
                sheet.servers.get(node));
    }

    /** One server, by itself alone. */
    Answer server(World world, Node node) {
        return world.ask(lookAt(node));
    }

    /** What a host says of one member's folder: {@code postgres/look.sh}. */
    Answer disk(World world, Node node) {
        return hosts(world, List.of(node)).get(node.host());
    }

    Footing footing(World world, Node node) {
        return onHosts.footings(world, List.of(node)).get(node);
    }

    private Map<Host, Answer> hosts(World world, List<Node> nodes) {
        return HostProbes.ask(world, nodes, Script.of("postgres/look.sh").with("binaries", cluster.binaries()));
    }

    /** The nodes that do not know today's passwords; a host that cannot tell counts as if they did. */
    List<Node> outdated(World world, List<Node> nodes) {
        return HostProbes.without(world, nodes, withPasswords(cluster, Script.of("postgres/pgpass-look.sh")), "pgpass");
    }

    private Action lookAt(Node node) {
        Set<String> names = new LinkedHashSet<>();
        cluster.members()
                .forEach(m -> names.addAll(ServerSettings.of(cluster, m).keySet()));
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
        return new Action.Sql(node, admin(cluster), PostgresCluster.ADMIN, script, Intent.LOOK, SOON);
    }

    private static Action sql(Node node, Login login, String file) {
        return new Action.Sql(node, login, PostgresCluster.ADMIN, Script.of(file), Intent.LOOK, SOON);
    }

    static Login admin(PostgresCluster cluster) {
        return new Login(PostgresCluster.ADMIN, cluster.adminPassword(), "");
    }

    /** The roles that are there, with the passwords they should have. */
    private Map<String, Login> logins(MemberSeen primary) {
        Map<String, Secret> passwords = new LinkedHashMap<>();
        passwords.put(PostgresCluster.REPLICATION, cluster.replicationPassword());
        passwords.put(PostgresCluster.REWIND, cluster.rewindPassword());
        if (!cluster.poolers().isEmpty()) {
            passwords.put(PostgresCluster.POOLER, cluster.poolerPassword());
        }
        for (User user : cluster.users()) {
            passwords.put(user.name(), user.password());
        }
        Map<String, Login> logins = new LinkedHashMap<>();
        passwords.forEach((role, password) -> {
            if (primary.server().roles().containsKey(role)) {
                logins.put(role, new Login(role, password, ""));
            }
        });
        return logins;
    }

    static Script withPasswords(PostgresCluster cluster, Script script) {
        return script.with("replicator", PostgresCluster.REPLICATION)
                .with("rewinder", PostgresCluster.REWIND)
                .with("replication", cluster.replicationPassword())
                .with("rewind", cluster.rewindPassword());
    }
}
