package dev.holdfast.postgres.state;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The observed state of one proxy: {@code haproxy/look.sh} or {@code pgbouncer/look.sh}.
 *
 * @param isReadPortTaken whether a process listens on its read port
 * @param version of the program; empty when it is not installed
 * @param inputs inputs of its present configuration
 * @param isEdited whether its configuration was changed manually
 * @param isStale whether its configuration is newer than its process
 * @param isSilent whether its process exists, but its runtime socket or console does not answer
 * @param closed a directory on the path that its user has no access to; empty when there is none
 * @param ready the servers that get sessions, by backend
 * @param pooler the further state of a PgBouncer
 */
public record ProxyState(
        Proxy proxy,
        HostFacts hostFacts,
        boolean isReadPortTaken,
        String version,
        String inputs,
        boolean isEdited,
        boolean isStale,
        boolean isSilent,
        String closed,
        Map<String, List<String>> ready,
        PgBouncerState pooler) {

    /** The backend of writes. */
    public static final String PRIMARY = "primary";
    /** The backend of reads. */
    public static final String STANDBYS = "standbys";

    /** @param answer of its host, about its configuration and routes */
    public static ProxyState of(
            PostgresCluster cluster, Proxy proxy, HostFacts hostFacts, boolean isReadPortTaken, ScriptAnswer answer) {
        String id = proxy.node().id();
        Map<String, List<String>> ready = new LinkedHashMap<>();
        answer.all(ProxyRecords.Route.class, r -> r.id().equals(id)).forEach(r -> {
            List<String> servers = ready.computeIfAbsent(r.backend(), b -> new ArrayList<>());
            if (r.state() == ProxyRecords.RouteState.READY) {
                servers.add(r.server());
            }
        });
        PgBouncerState pooler = PgBouncerState.of(id, answer);
        if (proxy.isPooler()) {
            ready.put(PRIMARY, servers(cluster, pooler));
        }
        return new ProxyState(
                proxy,
                hostFacts,
                isReadPortTaken,
                answer.all(ProxyRecords.Version.class).stream()
                        .map(ProxyRecords.Version::version)
                        .reduce("", (a, b) -> b),
                answer.first(ProxyRecords.Inputs.class, r -> r.id().equals(id))
                        .map(ProxyRecords.Inputs::text)
                        .orElse(""),
                answer.first(ProxyRecords.Edited.class, r -> r.id().equals(id)).isPresent(),
                answer.first(ProxyRecords.Stale.class, r -> r.id().equals(id)).isPresent(),
                answer.first(ProxyRecords.Silent.class, r -> r.id().equals(id)).isPresent(),
                answer.first(ProxyRecords.Closed.class, r -> r.id().equals(id))
                        .map(ProxyRecords.Closed::folder)
                        .orElse(""),
                ready,
                pooler);
    }

    /** Returns the server that a PgBouncer sends all clients to, by name where it is a member; empty while clients wait. */
    private static List<String> servers(PostgresCluster cluster, PgBouncerState pooler) {
        return pooler.endpoint(cluster.pooledDatabases()).stream()
                .map(e -> cluster.servers().stream()
                        .filter(n -> n.endpoint().equals(e))
                        .map(Node::name)
                        .findFirst()
                        .orElse(e))
                .toList();
    }

    /** Returns the same, with the result of a query through it. */
    public ProxyState answered(ActionResult answer) {
        return new ProxyState(
                proxy,
                hostFacts,
                isReadPortTaken,
                version,
                inputs,
                isEdited,
                isStale,
                isSilent,
                closed,
                ready,
                pooler.answered(answer));
    }

    /** The same, as unreachable when its host did not answer another question of the same observation. */
    public ProxyState confirmedBy(ActionResult answer) {
        return new ProxyState(
                proxy,
                hostFacts.confirmedBy(answer),
                isReadPortTaken,
                version,
                inputs,
                isEdited,
                isStale,
                isSilent,
                closed,
                ready,
                pooler);
    }

    public Node node() {
        return proxy.node();
    }

    public NodeAvailability state() {
        return isSilent ? NodeAvailability.SILENT : hostFacts.process();
    }

    public boolean isUp() {
        return state() == NodeAvailability.UP;
    }

    public List<String> writesGoTo() {
        return ready.getOrDefault(PRIMARY, List.of());
    }

    public List<String> readsGoTo() {
        return ready.getOrDefault(STANDBYS, List.of());
    }
}
