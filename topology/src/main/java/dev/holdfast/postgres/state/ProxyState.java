package dev.holdfast.postgres.state;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was seen of one proxy: {@code haproxy/look.sh} or {@code pgbouncer/look.sh}.
 *
 * @param isReadPortTaken whether anything listens on its read entrance
 * @param version of the program; empty when there is none
 * @param inputs from which its configuration was written
 * @param isEdited its configuration is not as it was written
 * @param isStale its configuration is newer than its process
 * @param isSilent its process is there, but its runtime socket or console does not answer
 * @param closed a folder on the way that its user may not pass; empty when the way is open
 * @param ready the servers that sessions go to, by backend
 * @param pooler what else was seen of a PgBouncer
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

    public static ProxyState of(
            PostgresCluster cluster, Proxy proxy, HostFacts hostFacts, boolean isReadPortTaken, String message) {
        String id = proxy.node().id();
        String version = "";
        String inputs = "";
        boolean edited = false;
        boolean stale = false;
        boolean silent = false;
        String closed = "";
        Map<String, List<String>> ready = new LinkedHashMap<>();
        for (String line : message.lines().toList()) {
            String[] f = line.split("\t", -1);
            if (f[0].equals("version")) {
                version = f[1];
            } else if (f.length > 1 && f[1].equals(id)) {
                switch (f[0]) {
                    case "inputs" -> inputs = f[2];
                    case "edited" -> edited = true;
                    case "stale" -> stale = true;
                    case "silent" -> silent = true;
                    case "closed" -> closed = f[2];
                    case "route" -> {
                        List<String> servers = ready.computeIfAbsent(f[2], b -> new ArrayList<>());
                        if (f[4].equals("ready")) {
                            servers.add(f[3]);
                        }
                    }
                    default -> {
                        continue;
                    }
                }
            }
        }
        PgBouncerState pooler = PgBouncerState.of(id, message);
        if (proxy.isPooler()) {
            ready.put(PRIMARY, servers(cluster, pooler));
        }
        return new ProxyState(
                proxy, hostFacts, isReadPortTaken, version, inputs, edited, stale, silent, closed, ready, pooler);
    }

    /** The server that a PgBouncer sends all clients to, by its name where it is one of the cluster's; nobody while they wait. */
    private static List<String> servers(PostgresCluster cluster, PgBouncerState pooler) {
        return pooler.endpoint(cluster.pooledDatabases()).stream()
                .map(e -> cluster.servers().stream()
                        .filter(n -> n.endpoint().equals(e))
                        .map(Node::name)
                        .findFirst()
                        .orElse(e))
                .toList();
    }

    /** The same, with what came back when a question was asked through it. */
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
