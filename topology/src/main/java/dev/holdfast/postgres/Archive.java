package dev.holdfast.postgres;

import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a cluster's members speak to its repository: pgBackRest, with a configuration of each member's own outside its data.
 *
 * <p>The repository has one folder per system identifier, so that a cluster that is made anew never meets the backups of
 * an earlier one, and a restored copy under another name never writes into those it came from.
 */
final class Archive {

    /** Stands for the system identifier in what scripts are told; they read it from the data folder. */
    static final String SYSTEM = "@system@";

    /** Without a limit pgBackRest would ask for one in every line it says. */
    private static final String FOR_EVER = "9999999";

    private static final Duration LOOK = Duration.ofSeconds(20);
    private static final Duration MOMENT = Duration.ofMinutes(2);

    private final Topology topology;
    private final PostgresCluster cluster;
    private final Repository repository;

    Archive(Topology topology, PostgresCluster cluster, Repository repository) {
        this.topology = topology;
        this.cluster = cluster;
        this.repository = repository;
    }

    static String command(PostgresCluster cluster, String conf, String what) {
        return "pgbackrest --config=" + conf.replace("%", "%%") + "/pgbackrest.conf --stanza=" + cluster.name() + " "
                + what;
    }

    /** The folder that holds a repository per system identifier. */
    String folder() {
        return repository.of(topology.name(), cluster.name());
    }

    /** What stands in a member's pgbackrest.conf. */
    Script conf(Node node) {
        List<String> server = new ArrayList<>();
        server.add("[" + cluster.name() + "]");
        server.add("pg1-path=" + node.data());
        server.add("pg1-port=" + node.port());
        server.add("pg1-socket-path=" + node.run());
        server.add("pg1-user=" + PostgresCluster.ADMIN);
        return conf(SYSTEM, node.log(), server);
    }

    /** The same without a server: to read the repository of a system. */
    Script reader(String system) {
        return conf(system, "/tmp", List.of());
    }

    private Script conf(String system, String log, List<String> server) {
        String days = repository
                .keep()
                .map(k -> Long.toString(Math.max(1, (k.toHours() + 23) / 24)))
                .orElse(FOR_EVER);
        Object cipher = repository
                .passphrase()
                .<Object>map(p -> Script.of("postgres/pgbackrest-cipher.conf").with("passphrase", p))
                .orElse("repo1-cipher-type=none");
        return Script.of("postgres/pgbackrest.conf")
                .with("repository", folder() + "/" + system)
                .with("lock", folder() + "/lock")
                .with("log", log)
                .with("days", days)
                .with("cipher", cipher)
                .with("server", String.join("\n", server));
    }

    /** What archiving needs, of members that have a database, whether or not they run; nothing where none is declared. */
    static Map<Node, ArchiveSeen> look(
            World world, Topology topology, PostgresCluster cluster, List<MemberSeen> members) {
        Optional<Repository> repository = Repository.of(cluster);
        if (repository.isEmpty()) {
            return Map.of();
        }
        Archive archive = new Archive(topology, cluster, repository.get());
        List<Answer> answers = world.askAll(members.stream()
                .map(m -> archive.look(m.node(), m.host().programs().getOrDefault(m.major(), "")))
                .toList());
        Map<Node, ArchiveSeen> seen = new LinkedHashMap<>();
        for (int i = 0; i < members.size(); i++) {
            seen.put(members.get(i).node(), ArchiveSeen.of(answers.get(i)));
        }
        return seen;
    }

    Action look(Node node, String binaries) {
        return exec(node.host(), script("archive-look", node, binaries), Intent.LOOK, LOOK);
    }

    Action prepare(Node node, String binaries, boolean isPrimary) {
        Script script = script("archive-prepare", node, binaries)
                .with("stanza", cluster.name())
                .with("primary", isPrimary ? "yes" : "no");
        return exec(node.host(), script, Intent.CHANGE, MOMENT);
    }

    private Script script(String file, Node node, String binaries) {
        return Script.of("postgres/" + file + ".sh")
                .with("directory", node.directory())
                .with("binaries", binaries)
                .with("folder", folder())
                .with("stanza", cluster.name())
                .with("config", conf(node));
    }

    static Action exec(Host host, Script script, Intent intent, Duration deadline) {
        return new Action.Exec(host, script, intent, deadline);
    }
}
