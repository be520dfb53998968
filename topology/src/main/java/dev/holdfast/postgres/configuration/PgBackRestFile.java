package dev.holdfast.postgres.configuration;

import dev.holdfast.execution.Script;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.topology.BackupRepository;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The contents of pgbackrest.conf: on a member, on the repository host, and for a restore. */
final class PgBackRestFile {

    /** A placeholder for the system identifier in the input of scripts, which read the value from the data directory. */
    static final String SYSTEM = "@system@";

    /** Without a limit, pgBackRest warns in every output. */
    private static final String FOR_EVER = "9999999";

    static final String NO_CIPHER = "repo1-cipher-type=none";

    private final Topology topology;
    private final PostgresCluster cluster;
    private final BackupRepository repository;

    PgBackRestFile(Topology topology, PostgresCluster cluster, BackupRepository repository) {
        this.topology = topology;
        this.cluster = cluster;
        this.repository = repository;
    }

    /** Returns the directory with one repository per system identifier. */
    String folder() {
        return repository.of(topology.name(), cluster.name());
    }

    /** Returns the pgBackRest server on the repository host; empty where every member mounts the repository as a directory. */
    Optional<Node> keeper() {
        return cluster.repositoryServers().stream().findFirst();
    }

    /** Returns the pgBackRest server through which a host reaches a repository on another host. */
    Optional<Node> server(Host host) {
        return cluster.repositoryServers().stream()
                .filter(n -> n.host().address().equals(host.address())
                        && n.host().reach().equals(host.reach()))
                .findFirst();
    }

    /** Returns the contents of a member's pgbackrest.conf. */
    Script member(Node node) {
        List<String> lines = new ArrayList<>();
        lines.add("[" + cluster.name() + "]");
        lines.addAll(database(1, node));
        return keeper().isPresent() ? away(node.host(), node.log(), lines) : here(SYSTEM, node.log(), lines);
    }

    /** Returns the configuration that reads the repository of a system on its own host, without a server. */
    Script reader(String system) {
        return here(system, "/tmp", List.of());
    }

    /** Returns the configuration that restores a base backup and its WAL on a host. */
    Script reader(Host host) {
        return keeper().isPresent() ? away(host, "/tmp", List.of()) : reader(SYSTEM);
    }

    /**
     * Returns the configuration on the repository host, which reaches every member through the pgBackRest server on its host.
     */
    Script kept(Node keeper) {
        List<String> lines = new ArrayList<>();
        lines.add("[" + cluster.name() + "]");
        int number = 0;
        for (Node member : cluster.servers()) {
            number++;
            Node server = server(member.host()).orElseThrow();
            lines.addAll(link("pg" + number, server, keeper));
            // without it, pgBackRest on the member's host reads the file in /etc, which belongs to another user or
            // estate
            lines.add("pg" + number + "-host-config=" + server.directory() + "/conf/server.conf");
            lines.addAll(database(number, member));
        }
        return here(SYSTEM, keeper.log(), lines);
    }

    private static List<String> database(int number, Node node) {
        String pg = "pg" + number + "-";
        return List.of(
                pg + "path=" + node.data(),
                pg + "port=" + node.port(),
                pg + "socket-path=" + node.run(),
                pg + "user=" + PostgresCluster.ADMIN);
    }

    /** Returns the TLS options of the connection between two hosts; each host has one file with its key and certificate. */
    private static List<String> link(String what, Node to, Node from) {
        String pem = from.directory() + "/conf/tls.pem";
        return List.of(
                what + "-host=" + to.host().address(),
                what + "-host-type=tls",
                what + "-host-port=" + to.port(),
                what + "-host-ca-file=" + trusted(from),
                what + "-host-cert-file=" + pem,
                what + "-host-key-file=" + pem);
    }

    private Script away(Host host, String log, List<String> lines) {
        Node keeper = keeper().orElseThrow();
        Node server = server(host).orElse(keeper);
        List<String> way = new ArrayList<>(link("repo1", keeper, server));
        way.add("repo1-host-config=" + keeper.directory() + "/conf/" + SYSTEM + ".conf");
        return file(String.join("\n", way), NO_CIPHER, server.directory() + "/lock", log, lines);
    }

    private Script here(String system, String log, List<String> lines) {
        Object cipher = repository
                .passphrase()
                .<Object>map(p -> Script.of("postgres/pgbackrest-cipher.conf").with("passphrase", p))
                .orElse(NO_CIPHER);
        return file("repo1-path=" + folder() + "/" + system, cipher, folder() + "/lock", log, lines);
    }

    private Script file(String where, Object cipher, String lock, String log, List<String> lines) {
        String days = repository
                .keep()
                .map(k -> Long.toString(Math.max(1, (k.toHours() + 23) / 24)))
                .orElse(FOR_EVER);
        return Script.of("postgres/pgbackrest.conf")
                .with("repository", where)
                .with("lock", lock)
                .with("log", log)
                .with("days", days)
                .with("cipher", cipher)
                .with("server", String.join("\n", lines));
    }

    /** Returns the path of the certificates that a server accepts. */
    static String trusted(Node node) {
        return node.directory() + "/conf/trusted.pem";
    }
}
