package dev.holdfast.postgres;

import dev.holdfast.engine.Footing;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What hosts are asked about the nodes that they carry: one script per host and kind of question; changes nothing. */
final class HostProbes {

    private static final Duration HOST = Duration.ofSeconds(15);
    private static final List<String> PROGRAMS =
            List.of("haproxy", "pgbouncer", "psql", "socat", "perl", "flock", "runuser", "pgbackrest", "openssl");

    private final String estate;

    HostProbes(Topology topology) {
        this.estate = topology.name();
    }

    Map<Node, Footing> footings(World world, List<Node> nodes) {
        return Footing.look(world, estate, nodes, HostProbes::pidFile, PROGRAMS);
    }

    private static String pidFile(Node node) {
        return switch (node.kind()) {
            case HAPROXY -> node.run() + "/haproxy.pid";
            case PGBOUNCER -> node.run() + "/pgbouncer.pid";
            case PGBACKREST -> node.run() + "/pgbackrest.pid";
            default -> node.data() + "/postmaster.pid";
        };
    }

    /** @param script it is told of {@code nodes}, a line with id and directory for each that the host carries */
    static Map<Host, Answer> ask(World world, List<Node> nodes, Script script) {
        Map<Host, List<Node>> byHost =
                nodes.stream().collect(Collectors.groupingBy(Node::host, LinkedHashMap::new, Collectors.toList()));
        List<Host> hosts = List.copyOf(byHost.keySet());
        List<Answer> answers = world.askAll(hosts.stream()
                .<Action>map(h -> new Action.Exec(
                        h,
                        script.with(
                                "nodes",
                                byHost.get(h).stream()
                                        .map(n -> n.id() + "\t" + n.directory())
                                        .collect(Collectors.joining("\n"))),
                        Intent.LOOK,
                        HOST))
                .toList());
        Map<Host, Answer> byName = new LinkedHashMap<>();
        for (int i = 0; i < hosts.size(); i++) {
            byName.put(hosts.get(i), answers.get(i));
        }
        return byName;
    }

    /** The nodes whose host answered without that word for them; a host that cannot tell counts as if it had said it. */
    static List<Node> without(World world, List<Node> nodes, Script script, String word) {
        Map<Host, Answer> answers = ask(world, nodes, script);
        return nodes.stream()
                .filter(n -> answers.get(n.host()).isOk()
                        && !answers.get(n.host()).text().lines().toList().contains(word + "\t" + n.id()))
                .toList();
    }

    static void sideBySide(World world, List<Runnable> questions) {
        world.sideBySide(questions.stream()
                .<Supplier<Boolean>>map(q -> () -> {
                    q.run();
                    return true;
                })
                .toList());
    }
}
