package dev.holdfast.mongodb.topology;

import dev.holdfast.model.BackupPolicy;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.DeclaredVersion;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.NodeGroup;
import dev.holdfast.model.Quantities;
import dev.holdfast.model.RecoveryObjectives;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.MemberRole;
import dev.holdfast.model.Redundancy.QuorumModel;
import dev.holdfast.model.SecretRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A declared MongoDB cluster: sharded, or one replica set if it has no config servers.
 *
 * @param configServers the config server replica set; empty for a single replica set
 * @param sets the shards, or the one replica set
 * @param routers the mongos
 * @param defaults the cluster-wide default read and write concern
 * @param writeConcerns write concerns that clients use for a named collection, carried to the connection profile
 * @param balancer whether the balancer moves chunks
 * @param settings mongod configuration by dotted configuration-file key, e.g. {@code setParameter.ttlMonitorSleepSecs}
 * @param users database users that must exist
 * @param binaries directory of mongod and mongos on the hosts; empty means found on PATH
 * @param version the version that the server programs must have
 * @param options what capabilities beyond the servers themselves need
 */
public record MongoCluster(
        String name,
        RecoveryObjectives objectives,
        Optional<MongoSet> configServers,
        List<MongoSet> sets,
        List<Node> routers,
        Concerns defaults,
        Map<String, WriteConcern> writeConcerns,
        boolean balancer,
        Map<String, Object> settings,
        List<User> users,
        String binaries,
        DeclaredVersion version,
        Options options)
        implements Cluster {

    /** A cluster whose programs can have any supported version. */
    public MongoCluster(
            String name,
            RecoveryObjectives objectives,
            Optional<MongoSet> configServers,
            List<MongoSet> sets,
            List<Node> routers,
            Concerns defaults,
            Map<String, WriteConcern> writeConcerns,
            boolean balancer,
            Map<String, Object> settings,
            List<User> users,
            String binaries,
            Options options) {
        this(
                name,
                objectives,
                configServers,
                sets,
                routers,
                defaults,
                writeConcerns,
                balancer,
                settings,
                users,
                binaries,
                DeclaredVersion.NONE,
                options);
    }

    /**
     * What is declared for capabilities beyond the servers themselves.
     *
     * @param backups where backups are kept and how they are made; empty when none are declared
     * @param policy the same declaration as advice on every engine reads it
     * @param dictionaries the files of the data dictionary, relative to the topology file
     * @param readConcerns read concern levels that clients use for a named collection, carried to the connection profile
     */
    public record Options(
            Optional<Backups> backups,
            Optional<BackupPolicy> policy,
            List<String> dictionaries,
            Map<String, String> readConcerns) {
        public static final Options NONE = new Options(Optional.empty(), Optional.empty(), List.of(), Map.of());
    }

    /**
     * The declared backups.
     *
     * @param path the absolute directory, shared by Holdfast's host and the host of every member
     * @param base the interval of base backups; empty means only on request
     * @param slice the interval after which a slice of the oplog archive is closed
     * @param keep the length of the recovery window; empty means without limit
     */
    public record Backups(String path, Optional<Duration> base, Duration slice, Optional<Duration> keep) {}

    /** @param level read concern level: local, available, majority, linearizable or snapshot */
    public record Concerns(WriteConcern write, String level) {}

    /** @param w a number as text, or {@code majority}; {@code journal} is j */
    public record WriteConcern(String w, Optional<Boolean> journal, Duration timeout) {}

    /** @param roles as {@code role@database}, e.g. {@code readWrite@social} */
    public record User(String name, SecretRef password, List<String> roles) {}

    /** The role of a replica set in the cluster. */
    public enum Role {
        CONFIG,
        SHARD,
        REPLICA_SET
    }

    /**
     * A declared replica set.
     *
     * @param name the replica set's name and, for a shard, the shard's id
     * @param electionTimeout settings.electionTimeoutMillis
     * @param heartbeat settings.heartbeatIntervalMillis
     * @param oplogMegabytes replication.oplogSizeMB; 0 means the server's own choice
     */
    public record MongoSet(
            String name,
            Role role,
            List<Member> members,
            Duration electionTimeout,
            Duration heartbeat,
            int oplogMegabytes) {

        public List<Node> nodes() {
            return members.stream().map(Member::node).toList();
        }

        public List<Member> voters() {
            return members.stream().filter(m -> m.votes() > 0).toList();
        }

        private Redundancy redundancy(String cluster, WriteConcern write) {
            String path = "/clusters/" + cluster + "/"
                    + switch (role) {
                        case CONFIG -> "configServers";
                        case SHARD -> "shards/" + name;
                        case REPLICA_SET -> "replicaSet";
                    };
            List<Redundancy.Member> each = members.stream()
                    .map(m -> new Redundancy.Member(m.node(), m.redundancyRole(), m.votes() > 0))
                    .toList();
            return new Redundancy(
                    cluster, name, path, QuorumModel.MAJORITY, each, copies(write), true, Optional.of(electionTimeout));
        }

        /** Returns the number of members that acknowledge a default write; config servers always write to a majority. */
        private int copies(WriteConcern write) {
            Optional<Long> number = Quantities.whole(write.w());
            int holders = (int) voters().stream().filter(m -> !m.arbiter()).count();
            int majority = Math.min(voters().size() / 2 + 1, Math.max(1, holders));
            return role == Role.CONFIG || number.isEmpty()
                    ? majority
                    : number.get().intValue();
        }
    }

    /**
     * A declared member of a replica set.
     *
     * @param delay secondaryDelaySecs
     */
    public record Member(
            Node node,
            double priority,
            int votes,
            boolean hidden,
            boolean arbiter,
            Duration delay,
            Map<String, String> tags) {

        private MemberRole redundancyRole() {
            if (arbiter) {
                return MemberRole.WITHOUT_DATA;
            }
            return priority > 0 ? MemberRole.AWAITED : MemberRole.RESERVE;
        }
    }

    /** Returns the directory of the server programs on a host; empty means that Holdfast searches for it. */
    public String binaries(Host host) {
        return host.binaries().getOrDefault(engine(), binaries);
    }

    @Override
    public String engine() {
        return "mongodb";
    }

    public boolean isSharded() {
        return configServers.isPresent();
    }

    /** Returns the config servers first, then the shards or the replica set. */
    public List<MongoSet> allSets() {
        List<MongoSet> all = new ArrayList<>();
        configServers.ifPresent(all::add);
        all.addAll(sets);
        return all;
    }

    @Override
    public List<NodeGroup> groups() {
        List<NodeGroup> groups = new ArrayList<>();
        allSets().forEach(s -> groups.add(new NodeGroup(s.name(), s.nodes())));
        if (!routers.isEmpty()) {
            groups.add(new NodeGroup(ROUTERS, routers));
        }
        return groups;
    }

    @Override
    public List<Redundancy> redundancies() {
        List<Redundancy> all = new ArrayList<>();
        allSets().forEach(s -> all.add(s.redundancy(name, defaults.write())));
        if (isSharded()) {
            List<Redundancy.Member> each = routers.stream()
                    .map(n -> new Redundancy.Member(n, MemberRole.WITHOUT_DATA, false))
                    .toList();
            String path = "/clusters/" + name + "/" + ROUTERS;
            all.add(new Redundancy(name, ROUTERS, path, QuorumModel.ANY_ONE, each, 0, false, Optional.empty()));
        }
        return all;
    }

    /** The packages are MongoDB's own, because Debian has none. */
    @Override
    public List<String> packages(Node node) {
        return List.of(node.kind() == Node.Kind.MONGOS ? "mongodb-org-mongos" : "mongodb-org-server");
    }

    @Override
    public Optional<BackupPolicy> precaution() {
        return options.policy();
    }

    @Override
    public List<String> dictionaries() {
        return options.dictionaries();
    }

    @Override
    public List<SecretRef> secrets() {
        List<SecretRef> secrets = new ArrayList<>(List.of(keyFile(), adminPassword()));
        users.forEach(u -> secrets.add(u.password()));
        return secrets;
    }

    public SecretRef keyFile() {
        return new SecretRef(name + "/keyfile");
    }

    /** Returns the reference to the password of the cluster's administrator, {@link #ADMIN}. */
    public SecretRef adminPassword() {
        return new SecretRef(name + "/admin");
    }

    /** The name of the group of routers, and their key in the topology file. */
    public static final String ROUTERS = "routers";

    /** The user that Holdfast logs in as. */
    public static final String ADMIN = "holdfast";
}
