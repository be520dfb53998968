package dev.holdfast.postgres;

import dev.holdfast.engine.Footing;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** How the servers that lead to a repository on another machine are looked at; changes nothing. */
record RepositoryProbes(HostProbes hosts) {

    List<RepositoryServerSeen> look(World world, List<Node> nodes) {
        AtomicReference<Map<Node, Footing>> footings = new AtomicReference<>(Map.of());
        AtomicReference<Map<Host, Answer>> told = new AtomicReference<>(Map.of());
        HostProbes.sideBySide(
                world, List.of(() -> footings.set(hosts.footings(world, nodes)), () -> told.set(told(world, nodes))));
        return seen(footings.get(), told.get(), nodes);
    }

    static Map<Host, Answer> told(World world, List<Node> nodes) {
        return HostProbes.ask(world, nodes, Script.of("postgres/tls-look.sh"));
    }

    static List<RepositoryServerSeen> seen(Map<Node, Footing> footings, Map<Host, Answer> told, List<Node> nodes) {
        return nodes.stream()
                .map(n -> RepositoryServerSeen.of(n, footings.get(n), told.get(n.host())))
                .toList();
    }
}
