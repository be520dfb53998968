package dev.holdfast.postgres.topology;

import dev.holdfast.model.BackupPolicy;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.DeclaredVersion;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.NodeGroup;
import dev.holdfast.model.RecoveryObjectives;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.SecretRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A declared PostgreSQL cluster: a primary with its standbys, disaster-recovery copies and proxies.
 *
 * <p>A new cluster is created on the declared primary. Later, the present primary stays primary until a switchover or failover;
 * apply never moves it.
 *
 * @param durability what a commit waits for; see {@link Durability}
 * @param afterFailover what commits do after a failover while too few synchronous standbys follow; see {@link AfterFailover}
 * @param members the declared primary first, then standbys, then disaster-recovery nodes
 * @param synchronous how many synchronous standbys a commit waits for, and how they are chosen
 * @param proxies the HAProxies and PgBouncers for clients
 * @param repositoryServers the pgBackRest TLS servers, that of the repository host first; empty where every member has the
 *     repository as a directory
 * @param database the database for applications
 * @param settings postgresql.conf parameters by name
 * @param users application roles that must exist
 * @param binaries directory of the server programs on the hosts; searched when empty
 * @param version the version that the server programs must have
 * @param options declarations for capabilities beyond the servers
 */
public record PostgresCluster(
        String name,
        RecoveryObjectives objectives,
        Durability durability,
        AfterFailover afterFailover,
        List<Member> members,
        Synchronous synchronous,
        List<Proxy> proxies,
        List<Node> repositoryServers,
        String database,
        Map<String, String> settings,
        List<User> users,
        String binaries,
        DeclaredVersion version,
        ClusterOptions options)
        implements Cluster {

    /** FIRST n or ANY n of synchronous_standby_names. */
    public record Synchronous(Method method, int count) {
        /** How synchronous standbys are chosen. */
        public enum Method {
            FIRST,
            ANY
        }
    }

    /** The role of a member while it is not primary. */
    public enum MemberRole {
        /** Commits may wait for it; it can be promoted. */
        SYNC,
        /** Commits never wait for it; it can be promoted with possible loss. */
        ASYNC,
        /** Disaster recovery: commits never wait for it; it is promoted only when the operator requests it. */
        DR;

        private Redundancy.MemberRole redundancyRole(boolean waits) {
            return switch (this) {
                case SYNC -> waits ? Redundancy.MemberRole.AWAITED : Redundancy.MemberRole.FOLLOWER;
                case ASYNC -> Redundancy.MemberRole.FOLLOWER;
                case DR -> Redundancy.MemberRole.RESERVE;
            };
        }
    }

    /** One PostgreSQL server; the declared primary is always SYNC. */
    public record Member(Node node, MemberRole role) {}

    /**
     * One HAProxy or one PgBouncer, by its node's kind.
     *
     * @param node its port is the write port, to the primary only
     * @param readPort the read port, to healthy standbys (the primary when there is none); 0 for a PgBouncer
     */
    public record Proxy(Node node, int readPort) {
        /** Returns whether it is a PgBouncer: it pools transactions, and its clients wait during a role change. */
        public boolean isPooler() {
            return node.kind() == Node.Kind.PGBOUNCER;
        }
    }

    /** @param grants names of roles to be a member of, e.g. {@code pg_read_all_data} */
    public record User(String name, SecretRef password, List<String> grants) {}

    /** Returns the directory of the server programs on a host; empty means that Holdfast searches for it. */
    public String binaries(Host host) {
        return host.binaries().getOrDefault(engine(), binaries);
    }

    @Override
    public String engine() {
        return "postgresql";
    }

    public Member declaredPrimary() {
        return members.get(0);
    }

    public List<Node> servers() {
        return members.stream().map(Member::node).toList();
    }

    @Override
    public List<NodeGroup> groups() {
        List<NodeGroup> groups = new ArrayList<>();
        groups.add(new NodeGroup(SERVERS, servers()));
        if (!proxies.isEmpty()) {
            groups.add(new NodeGroup(PROXIES, proxies.stream().map(Proxy::node).toList()));
        }
        if (!repositoryServers.isEmpty()) {
            groups.add(new NodeGroup(REPOSITORY, repositoryServers));
        }
        if (!etcd().isEmpty()) {
            groups.add(new NodeGroup(ETCD, etcd()));
        }
        return groups;
    }

    /** Returns the declaration of a failover by Patroni; empty when a person fails over. */
    public Optional<AutomaticFailover> automatic() {
        return options.automatic();
    }

    /** Returns the etcd servers that Holdfast runs. */
    public List<Node> etcd() {
        return automatic().stream()
                .flatMap(a -> a.servers().stream())
                .map(AutomaticFailover.EtcdServer::node)
                .toList();
    }

    public List<Proxy> poolers() {
        return proxies.stream().filter(Proxy::isPooler).toList();
    }

    /** Returns the HAProxies. */
    public List<Proxy> haproxies() {
        return proxies.stream().filter(p -> !p.isPooler()).toList();
    }

    /** Returns the databases of a PgBouncer: the application's, and the one that Holdfast tests routes with. */
    public List<String> pooledDatabases() {
        return Stream.of(database, ADMIN).distinct().toList();
    }

    @Override
    public List<Redundancy> redundancies() {
        boolean waits = durability != Durability.FAST;
        return new ClusterRedundancy(
                        name,
                        members.stream()
                                .map(m ->
                                        new Redundancy.Member(m.node(), m.role().redundancyRole(waits), false))
                                .toList(),
                        proxies.stream().map(Proxy::node).toList(),
                        etcd(),
                        waits ? 1 + synchronous.count() : 1)
                .groups(
                        durability == Durability.PROTECT,
                        durability == Durability.PROTECT
                                && afterFailover == AfterFailover.WAIT
                                && !hasSubstituteStandby(),
                        automatic().map(AutomaticFailover::ttl));
    }

    /**
     * Returns whether commits wait for no person after an automatic failover. Without a synchronous standby, Patroni in strict
     * mode lets commits wait for any standby, a disaster-recovery copy too.
     */
    public boolean hasSubstituteStandby() {
        return automatic().isPresent() && members.size() > 2;
    }

    @Override
    public List<String> packages(Node node) {
        return switch (node.kind()) {
            case POSTGRES -> {
                List<String> packages = new ArrayList<>(List.of(serverPackage()));
                repository().ifPresent(r -> packages.add("pgbackrest"));
                automatic().ifPresent(a -> packages.addAll(List.of("patroni", "python3-etcd")));
                yield packages;
            }
            case HAPROXY -> List.of("haproxy", "socat");
            case PGBOUNCER -> List.of("pgbouncer", "postgresql-client");
            case PGBACKREST -> List.of("pgbackrest", "openssl");
            case ETCD -> List.of("etcd-server", "etcd-client");
            case MONGOD, MONGOS -> List.of();
        };
    }

    /** Returns the Debian package of the server; a declared version names its major version. */
    public String serverPackage() {
        return version.isDeclared() ? "postgresql-" + version.major() : "postgresql";
    }

    @Override
    public Optional<BackupPolicy> precaution() {
        return options.backups();
    }

    @Override
    public List<String> dictionaries() {
        return options.dictionaries();
    }

    @Override
    public List<SecretRef> secrets() {
        List<SecretRef> secrets = new ArrayList<>(List.of(adminPassword(), replicationPassword(), rewindPassword()));
        if (!poolers().isEmpty()) {
            secrets.add(poolerPassword());
        }
        users.forEach(u -> secrets.add(u.password()));
        passphrase().ifPresent(secrets::add);
        automatic().ifPresent(a -> {
            secrets.add(restPassword());
            if (!a.isExternal()) {
                secrets.add(etcdRootPassword());
            }
            if (a.login().isPresent()) {
                secrets.add(a.password());
            }
        });
        return secrets;
    }

    public Stream<Member> members(MemberRole role) {
        return members.stream().filter(m -> m.role() == role);
    }

    /** Returns the declared repository of backups; empty when the cluster declares no backups. */
    public Optional<BackupRepository> repository() {
        return options.repository();
    }

    /** Returns the passphrase of the repository; empty where it is not encrypted. */
    public Optional<SecretRef> passphrase() {
        return options.repository().flatMap(BackupRepository::passphrase);
    }

    /** Returns the password of Holdfast's superuser {@link #ADMIN}. */
    public SecretRef adminPassword() {
        return new SecretRef(name + "/admin");
    }

    public SecretRef replicationPassword() {
        return new SecretRef(name + "/replication");
    }

    public SecretRef rewindPassword() {
        return new SecretRef(name + "/rewind");
    }

    /** Returns the password of {@link #POOLER}, the role with which a PgBouncer looks up passwords. */
    public SecretRef poolerPassword() {
        return new SecretRef(name + "/pgbouncer");
    }

    /** Returns the password of Patroni's REST API, for requests that change something. */
    public SecretRef restPassword() {
        return new SecretRef(name + "/patroni");
    }

    /** Returns the password of the user root of an etcd that Holdfast runs. */
    public SecretRef etcdRootPassword() {
        return new SecretRef(name + "/etcd-root");
    }

    public static final String SERVERS = "servers";
    public static final String PROXIES = "proxies";
    public static final String REPOSITORY = "repository";
    public static final String ETCD = "etcd";
    public static final String ADMIN = "postgres";
    public static final String REPLICATION = "replicator";
    public static final String REWIND = "rewinder";
    public static final String POOLER = "pgbouncer";
}
