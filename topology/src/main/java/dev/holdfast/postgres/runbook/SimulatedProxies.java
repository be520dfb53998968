package dev.holdfast.postgres.runbook;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.configuration.PgBouncerConfig;
import dev.holdfast.postgres.state.PgBouncerState;
import dev.holdfast.postgres.state.ProxyRecords;
import dev.holdfast.postgres.state.ProxyState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The simulated HAProxies and PgBouncers in the situation of a written runbook.
 *
 * @param created whether the proxies exist
 * @param writes the member to which they send writes; empty while they are closed to clients
 * @param standbys the members to which HAProxies send reads
 */
record SimulatedProxies(PostgresCluster cluster, boolean created, Optional<Node> writes, List<String> standbys) {

    ProxyState state(PostgresCluster.Proxy proxy) {
        return new ProxyState(
                proxy,
                new HostFacts(
                        created ? NodeAvailability.UP : NodeAvailability.DOWN,
                        created ? DirectoryOwner.OURS : DirectoryOwner.ABSENT,
                        created,
                        Map.of(),
                        ""),
                created,
                "3.0",
                "",
                false,
                false,
                false,
                "",
                Map.of(ProxyState.PRIMARY, writes.map(Node::name).stream().toList(), ProxyState.STANDBYS, standbys),
                pooler(proxy));
    }

    private PgBouncerState pooler(PostgresCluster.Proxy proxy) {
        if (!proxy.isPooler() || writes.isEmpty()) {
            return PgBouncerState.NOTHING;
        }
        String endpoint = writes.get().endpoint();
        Map<String, PgBouncerState.Way> ways = new LinkedHashMap<>();
        Map<String, String> written = new LinkedHashMap<>();
        cluster.pooledDatabases().forEach(d -> {
            ways.put(d, new PgBouncerState.Way(endpoint, ProxyRecords.PoolState.OPEN));
            written.put(d, endpoint);
        });
        return new PgBouncerState(ways, written, PgBouncerConfig.of(proxy.node()), List.of(), Optional.empty());
    }
}
