package dev.holdfast.postgres.probe;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.state.RepositoryServerState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** How the servers that lead to a repository on another machine are looked at; changes nothing. */
public record RepositoryProbes(HostProbes hosts) {

    public List<RepositoryServerState> look(ExecutionContext world, List<Node> nodes) {
        AtomicReference<Map<Node, HostFacts>> footings = new AtomicReference<>(Map.of());
        AtomicReference<Map<Host, ActionResult>> told = new AtomicReference<>(Map.of());
        HostProbes.sideBySide(
                world, List.of(() -> footings.set(hosts.footings(world, nodes)), () -> told.set(told(world, nodes))));
        return seen(footings.get(), told.get(), nodes);
    }

    static Map<Host, ActionResult> told(ExecutionContext world, List<Node> nodes) {
        return HostProbes.ask(world, nodes, Script.of("postgres/tls-look.sh"));
    }

    static List<RepositoryServerState> seen(
            Map<Node, HostFacts> footings, Map<Host, ActionResult> told, List<Node> nodes) {
        return nodes.stream()
                .map(n -> RepositoryServerState.of(n, footings.get(n), told.get(n.host())))
                .toList();
    }
}
