package dev.holdfast.postgres.topology;

import dev.holdfast.model.BackupPolicy;
import dev.holdfast.model.Cluster;
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
 * A wanted PostgreSQL primary with its standbys, its disaster-recovery copies and its proxies.
 *
 * <p>The declared primary is where a new cluster is born and where people like it to be. Once the cluster lives, the
 * node that is primary stays primary until a switchover or failover says otherwise; apply never moves it.
 *
 * @param durability what a commit waits for; see {@link Durability}
 * @param afterFailover what commits do after a failover while too few synchronous standbys follow; see {@link AfterFailover}
 * @param members the declared primary first, then standbys, then disaster-recovery nodes
 * @param synchronous how many synchronous standbys a commit waits for, and how they are chosen
 * @param proxies the entrances: HAProxies and PgBouncers
 * @param repositoryServers pgBackRest's TLS servers, that of the repository's host first; empty where every member has the
 *     repository as a folder
 * @param database the database that is made for applications
 * @param settings postgresql.conf parameters by name
 * @param users application roles that must exist
 * @param binaries folder of the server programs on the hosts; empty means found
 * @param options what capabilities beyond the servers themselves need
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
        Options options)
        implements Cluster {

    /**
     * What is declared for capabilities beyond the servers themselves.
     *
     * @param repository where backups are kept and how they are made; empty when none are declared
     * @param backups the same declaration as advice on every engine reads it
     * @param clients networks from which clients may log in; empty where the file does not say
     * @param dictionaries the files of the data dictionary, relative to the topology file
     */
    public record Options(
            Optional<BackupRepository> repository,
            Optional<BackupPolicy> backups,
            Optional<List<String>> clients,
            List<String> dictionaries) {
        public static final Options NONE = new Options(Optional.empty(), Optional.empty(), Optional.empty(), List.of());
    }

    /** What an acknowledged commit means. */
    public enum Durability {
        /** synchronous_commit=on and writes wait for a synchronous standby, even when none is left; see {@link AfterFailover}. */
        PROTECT,
        /** synchronous_commit=on; when no synchronous standby is left, apply lets writes go on without one, and says so. */
        AVAILABLE,
        /** synchronous_commit=local: no standby is waited for. */
        FAST
    }

    /** What durability protect does after a failover, until as many synchronous standbys as declared follow again. */
    public enum AfterFailover {
        /** Commits wait for a synchronous standby. */
        WAIT,
        /** The new primary acknowledges without one; this is announced, listed by plan and reported by status. */
        SERVE
    }

    /** FIRST n or ANY n of synchronous_standby_names. */
    public record Synchronous(Method method, int count) {
        /** How the standbys that count are chosen. */
        public enum Method {
            FIRST,
            ANY
        }
    }

    /** What part a member plays while it is not primary. */
    public enum MemberRole {
        /** May be waited for by commits, may be promoted. */
        SYNC,
        /** Follows without being waited for, may be promoted with possible loss. */
        ASYNC,
        /** Disaster recovery: follows without being waited for, promoted only when a person asks for it. */
        DR
    }

    /** One PostgreSQL server; the declared primary is SYNC by nature. */
    public record Member(Node node, MemberRole part) {}

    /**
     * One HAProxy or one PgBouncer, by its node's kind.
     *
     * @param node its port is the write entrance, to the primary only
     * @param readPort the read entrance, to healthy standbys (the primary when there is none); 0 for a PgBouncer, which has none
     */
    public record Proxy(Node node, int readPort) {
        /** A PgBouncer: it pools transactions, and a change of the primary makes its clients wait instead of losing them. */
        public boolean isPooler() {
            return node.kind() == Node.Kind.PGBOUNCER;
        }
    }

    /** @param grants names of roles to be a member of, e.g. {@code pg_read_all_data} */
    public record User(String name, SecretRef password, List<String> grants) {}

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
        return groups;
    }

    public List<Proxy> poolers() {
        return proxies.stream().filter(Proxy::isPooler).toList();
    }

    /** The proxies that are no poolers. */
    public List<Proxy> haproxies() {
        return proxies.stream().filter(p -> !p.isPooler()).toList();
    }

    /** The databases that a PgBouncer lets clients into: the application's, and the one that Holdfast tries its ways in. */
    public List<String> pooledDatabases() {
        return Stream.of(database, ADMIN).distinct().toList();
    }

    @Override
    public List<Redundancy> redundancies() {
        return RedundancyModel.of(this);
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
        BackupRepository.of(this).flatMap(BackupRepository::passphrase).ifPresent(secrets::add);
        return secrets;
    }

    public Stream<Member> members(MemberRole part) {
        return members.stream().filter(m -> m.part() == part);
    }

    /** The password of the superuser that Holdfast works as, {@link #ADMIN}. */
    /** What opens the encrypted repository; empty where it is not encrypted. */
    public Optional<SecretRef> passphrase() {
        return options.repository().flatMap(BackupRepository::passphrase);
    }

    public SecretRef adminPassword() {
        return new SecretRef(name + "/admin");
    }

    public SecretRef replicationPassword() {
        return new SecretRef(name + "/replication");
    }

    public SecretRef rewindPassword() {
        return new SecretRef(name + "/rewind");
    }

    /** The password of the role that a PgBouncer looks up clients' passwords as, {@link #POOLER}. */
    public SecretRef poolerPassword() {
        return new SecretRef(name + "/pgbouncer");
    }

    public static final String SERVERS = "servers";
    public static final String PROXIES = "proxies";
    public static final String REPOSITORY = "repository";
    public static final String ADMIN = "postgres";
    public static final String REPLICATION = "replicator";
    public static final String REWIND = "rewinder";
    public static final String POOLER = "pgbouncer";
}
