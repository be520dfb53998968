package dev.holdfast.postgres;

import dev.holdfast.model.DeclaredVersion;
import dev.holdfast.model.Environment;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import dev.holdfast.model.RecoveryObjectives;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.topology.AfterFailover;
import dev.holdfast.postgres.topology.AutomaticFailover;
import dev.holdfast.postgres.topology.BackupRepository;
import dev.holdfast.postgres.topology.ClusterOptions;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.postgres.topology.PostgresCluster.Proxy;
import dev.holdfast.postgres.topology.PostgresCluster.Synchronous;
import dev.holdfast.postgres.topology.PostgresCluster.Synchronous.Method;
import dev.holdfast.postgres.topology.PostgresCluster.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A wanted primary a1 with standbys and a disaster-recovery copy d1, and a proxy on a1; changed word by word. */
public final class Trio {

    Durability durability = Durability.PROTECT;
    AfterFailover afterFailover = AfterFailover.WAIT;
    Synchronous synchronous = new Synchronous(Method.FIRST, 1);
    public final Map<String, MemberRole> members = new LinkedHashMap<>();
    public final List<String> proxies = new ArrayList<>(List.of("a1"));
    /** Hosts with a PgBouncer. */
    final List<String> poolers = new ArrayList<>();

    final Map<String, String> settings = new LinkedHashMap<>(Map.of("work_mem", "4MB"));
    final List<User> users = new ArrayList<>();
    Optional<List<String>> clients = Optional.empty();
    Optional<BackupRepository> repository = Optional.empty();
    private final List<String> repositoryServers = new ArrayList<>();
    HostAccess reach = new HostAccess.Local();
    private DeclaredVersion version = DeclaredVersion.NONE;
    private Optional<AutomaticFailover> automatic = Optional.empty();

    public Trio() {
        members.put("a1", MemberRole.SYNC);
        members.put("b1", MemberRole.SYNC);
        members.put("d1", MemberRole.DR);
        users.add(new User("clerk", new SecretRef("payments/users/clerk"), List.of("pg_read_all_data")));
    }

    public Trio durability(Durability profile) {
        durability = profile;
        return this;
    }

    public Trio version(String declared) {
        version = new DeclaredVersion(declared);
        return this;
    }

    /** A repository with a full backup each week. */
    static BackupRepository weekly() {
        return new BackupRepository(
                "/backup",
                Optional.of(Duration.ofDays(7)),
                Optional.empty(),
                Optional.empty(),
                Duration.ofMinutes(1),
                Optional.empty(),
                Optional.empty());
    }

    public Trio serves() {
        afterFailover = AfterFailover.SERVE;
        return this;
    }

    public Trio member(String name, MemberRole role) {
        members.put(name, role);
        return this;
    }

    public Trio waitsFor(Method method, int count) {
        synchronous = new Synchronous(method, count);
        return this;
    }

    /** Patroni runs the members, with etcd on a1, b1 and d1. */
    public Trio automatic() {
        Map<String, Integer> rest = new LinkedHashMap<>();
        members.keySet().forEach(m -> rest.put(server(m).id(), 8008));
        automatic = Optional.of(new AutomaticFailover(
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                1,
                Stream.of("a1", "b1", "d1")
                        .map(h -> new AutomaticFailover.EtcdServer(etcd(h), 2380))
                        .toList(),
                List.of(),
                Optional.empty(),
                new SecretRef("payments/etcd"),
                AutomaticFailover.Watchdog.OFF,
                rest));
        return this;
    }

    public static Node etcd(String name) {
        return new Node("payments", "etcd", name, Node.Kind.ETCD, host(name), 2379, "/h/" + name + "/payments/etcd");
    }

    /** @param names hosts with a pgBackRest server, the repository's own first */
    public Trio repositoryServers(String... names) {
        repositoryServers.addAll(List.of(names));
        return this;
    }

    Trio setting(String name, String value) {
        settings.put(name, value);
        return this;
    }

    static Host host(String name) {
        int number = name.charAt(0) - 'a' + 1;
        return new Host(name, "10.0.0." + number, "zone-" + name, "region", new HostAccess.Local(), "/h");
    }

    static Node server(String name) {
        return new Node(
                "payments", "servers", name, Node.Kind.POSTGRES, host(name), 5432, "/h/" + name + "/payments/servers");
    }

    static Node proxy(String name) {
        return new Node(
                "payments", "proxies", name, Node.Kind.HAPROXY, host(name), 5000, "/h/" + name + "/payments/proxies");
    }

    private static Node repositoryServer(String name) {
        return new Node(
                "payments",
                "repository",
                name,
                Node.Kind.PGBACKREST,
                host(name),
                8432,
                "/h/" + name + "/payments/repository");
    }

    static Node pooler(String name) {
        return new Node(
                "payments", "poolers", name, Node.Kind.PGBOUNCER, host(name), 6432, "/h/" + name + "/payments/poolers");
    }

    public PostgresCluster cluster() {
        List<Member> all = new ArrayList<>();
        members.forEach((name, role) -> all.add(new Member(server(name), role)));
        return new PostgresCluster(
                "payments",
                RecoveryObjectives.NONE,
                durability,
                afterFailover,
                all,
                synchronous,
                Stream.concat(
                                proxies.stream().map(p -> new Proxy(proxy(p), 5001)),
                                poolers.stream().map(p -> new Proxy(pooler(p), 0)))
                        .toList(),
                repositoryServers.stream().map(Trio::repositoryServer).toList(),
                "payments",
                new LinkedHashMap<>(settings),
                List.copyOf(users),
                "",
                version,
                new ClusterOptions(repository, Optional.empty(), clients, List.of(), automatic));
    }

    public Topology estate() {
        Map<String, Host> hosts = new LinkedHashMap<>();
        members.keySet().forEach(m -> {
            Host host = host(m);
            hosts.put(m, new Host(m, host.address(), host.zone(), host.region(), reach, host.directory()));
        });
        return new Topology("bank", Environment.LAB, hosts, List.of(cluster()), Map.of(), Map.of());
    }
}
