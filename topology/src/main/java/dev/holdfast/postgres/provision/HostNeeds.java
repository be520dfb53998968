package dev.holdfast.postgres.provision;

import dev.holdfast.engine.NodeNeeds;
import dev.holdfast.engine.NodeNeeds.Area;
import dev.holdfast.engine.NodeNeeds.Comparison;
import dev.holdfast.engine.NodeNeeds.Port;
import dev.holdfast.engine.NodeNeeds.Program;
import dev.holdfast.engine.NodeNeeds.Setting;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Node.Kind;
import dev.holdfast.postgres.probe.HostProbes;
import dev.holdfast.postgres.topology.AutomaticFailover;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.value.PostgresVersions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the servers, proxies and other programs of a PostgreSQL cluster need of their hosts. */
public final class HostNeeds {

    private static final String APT = "apt-get install ";
    private static final String USER = "postgres";

    private static final List<Setting> SERVER = List.of(
            files("4096"),
            kernel("vm.swappiness", Comparison.AT_MOST, "10", "swap=no", "vm.swappiness=10"),
            kernel(
                    "vm.overcommit_memory",
                    Comparison.NONE_OF,
                    "1",
                    "",
                    "vm.overcommit_memory=2 on a host with PostgreSQL alone, otherwise vm.overcommit_memory=0"));

    private final PostgresCluster cluster;

    public HostNeeds(PostgresCluster cluster) {
        this.cluster = cluster;
    }

    public List<NodeNeeds> all() {
        return cluster.nodes().stream().map(this::of).toList();
    }

    private NodeNeeds of(Node node) {
        return switch (node.kind()) {
            case POSTGRES ->
                needs(node, USER, server(node.host()), ports(node), settings(), List.of("ext4", "xfs", "zfs", "btrfs"));
            case HAPROXY -> needs(node, "", proxy(), ports(node), List.of(files("4096")), List.of());
            case PGBOUNCER -> needs(node, USER, pooler(), ports(node), List.of(files("4096")), List.of());
            case PGBACKREST ->
                needs(
                        node,
                        USER,
                        List.of(Program.any("pgbackrest", APT + "pgbackrest"), Program.any("openssl", APT + "openssl")),
                        ports(node),
                        List.of(),
                        List.of());
            case ETCD ->
                needs(
                        node,
                        "",
                        List.of(
                                Program.any("etcd", APT + "etcd-server"),
                                Program.any("etcdctl", APT + "etcd-client"),
                                Program.any("setsid", APT + "util-linux")),
                        ports(node),
                        List.of(),
                        List.of());
            case MONGOD, MONGOS -> throw new IllegalArgumentException(node.id() + " is no node of PostgreSQL");
        };
    }

    private static NodeNeeds needs(
            Node node,
            String account,
            List<Program> programs,
            List<Port> ports,
            List<Setting> settings,
            List<String> fileSystems) {
        List<Program> all = new ArrayList<>(programs);
        all.add(Program.any("flock", APT + "util-linux"));
        return new NodeNeeds(node, HostProbes.pidFile(node), account, all, ports, settings, fileSystems);
    }

    /** Patroni starts servers apart from itself, so it is not their parent when they end. */
    private List<Setting> settings() {
        List<Setting> settings = new ArrayList<>(SERVER);
        cluster.automatic()
                .ifPresent(a -> settings.add(new Setting(
                        Area.INIT,
                        "reaping",
                        "the reaping of ended processes by the first process of the host",
                        Comparison.ONE_OF,
                        List.of("yes"),
                        "",
                        List.of(),
                        true,
                        "start the container with an init (docker run --init): without one, a role change of Patroni does not"
                                + " end")));
        return settings;
    }

    private List<Program> server(Host host) {
        List<Program> programs = new ArrayList<>();
        String directory = cluster.binaries(host);
        String server = directory.isEmpty() ? "postgres" : directory + "/postgres";
        programs.add(new Program(
                List.of(server),
                APT + cluster.serverPackage() + ", or name the directory with binaries:",
                PostgresVersions.ALL.supported(),
                true,
                cluster.version()));
        cluster.repository().ifPresent(r -> programs.add(Program.any("pgbackrest", APT + "pgbackrest")));
        cluster.automatic().ifPresent(a -> {
            programs.add(Program.any("patroni", APT + "patroni python3-etcd"));
            programs.add(Program.any("setsid", APT + "util-linux"));
        });
        return programs;
    }

    private static List<Program> proxy() {
        return List.of(
                Program.any("haproxy", APT + "haproxy"),
                new Program(List.of("socat", "perl"), APT + "socat", List.of(), false));
    }

    private static List<Program> pooler() {
        return List.of(Program.any("pgbouncer", APT + "pgbouncer"), Program.any("psql", APT + "postgresql-client"));
    }

    private List<Port> ports(Node node) {
        List<Port> ports = new ArrayList<>();
        switch (node.kind()) {
            case POSTGRES -> {
                ports.add(new Port(node.port(), "PostgreSQL", Set.of(Kind.POSTGRES, Kind.HAPROXY, Kind.PGBOUNCER)));
                rest(node)
                        .ifPresent(
                                p -> ports.add(new Port(p, "Patroni's REST API", Set.of(Kind.POSTGRES, Kind.HAPROXY))));
            }
            case PGBACKREST -> ports.add(new Port(node.port(), "pgBackRest", Set.of(Kind.POSTGRES, Kind.PGBACKREST)));
            case ETCD -> {
                ports.add(new Port(node.port(), "etcd", Set.of(Kind.ETCD, Kind.POSTGRES)));
                peer(node).ifPresent(p -> ports.add(new Port(p, "etcd for its peers", Set.of(Kind.ETCD))));
            }
            case HAPROXY -> {
                ports.add(new Port(node.port(), "HAProxy", Set.of()));
                cluster.proxies().stream()
                        .filter(p -> p.node().equals(node))
                        .forEach(p -> ports.add(new Port(p.readPort(), "HAProxy for reads", Set.of())));
            }
            default -> ports.add(new Port(node.port(), "PgBouncer", Set.of()));
        }
        return ports;
    }

    private Optional<Integer> rest(Node node) {
        return cluster.automatic().map(a -> a.restPorts().get(node.id()));
    }

    private Optional<Integer> peer(Node node) {
        return cluster.automatic().stream()
                .flatMap(a -> a.servers().stream())
                .filter(s -> s.node().equals(node))
                .map(AutomaticFailover.EtcdServer::peerPort)
                .findFirst();
    }

    private static Setting files(String least) {
        return new Setting(
                Area.LIMIT,
                "nofile",
                "the limit of open files (nofile)",
                Comparison.AT_LEAST,
                List.of(least),
                "",
                List.of(),
                false,
                "raise it in /etc/security/limits.d/ for the login, and log in again");
    }

    private static Setting kernel(String name, Comparison comparison, String value, String unless, String wanted) {
        return new Setting(
                Area.KERNEL,
                name,
                name,
                comparison,
                List.of(value),
                unless,
                List.of(),
                false,
                "sysctl -w " + wanted + ", and the same in /etc/sysctl.d/");
    }
}
