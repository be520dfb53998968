package dev.holdfast.postgres.probe;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.state.RepositoryServerState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** Probes of the pgBackRest servers of a repository on a separate host; changes nothing. */
public record RepositoryProbes(HostProbes hosts) {

    public List<RepositoryServerState> look(ExecutionContext context, List<Node> nodes) {
        AtomicReference<Map<Node, HostFacts>> hostFactsByNode = new AtomicReference<>(Map.of());
        AtomicReference<Map<Host, ScriptAnswer>> hostResults = new AtomicReference<>(Map.of());
        HostProbes.sideBySide(
                context,
                List.of(
                        () -> hostFactsByNode.set(hosts.probeHosts(context, nodes)),
                        () -> hostResults.set(hostResults(context, nodes))));
        return state(hostFactsByNode.get(), hostResults.get(), nodes);
    }

    static Map<Host, ScriptAnswer> hostResults(ExecutionContext context, List<Node> nodes) {
        return HostProbes.ask(
                context, nodes, Script.of(RepositoryServerState.LOOK.script()), RepositoryServerState.LOOK);
    }

    static List<RepositoryServerState> state(
            Map<Node, HostFacts> hostFactsByNode, Map<Host, ScriptAnswer> hostResults, List<Node> nodes) {
        return nodes.stream()
                .map(n -> RepositoryServerState.of(n, hostFactsByNode.get(n), hostResults.get(n.host())))
                .toList();
    }
}
