package dev.holdfast.postgres.schema;

import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Proxy;
import dev.holdfast.schema.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The connection data for a client of a PostgreSQL cluster that writes with the declared durability. */
public final class ClientProfile {

    private ClientProfile() {}

    public static Map<String, Object> of(PostgresCluster cluster, Dictionary dictionary) {
        List<Proxy> proxies = cluster.haproxies().isEmpty() ? cluster.poolers() : cluster.haproxies();
        List<String> writes = proxies.isEmpty()
                ? cluster.servers().stream().map(n -> n.endpoint()).toList()
                : proxies.stream().map(p -> p.node().endpoint()).toList();
        Stream<String> reads = cluster.haproxies().isEmpty()
                ? cluster.servers().stream().map(n -> n.endpoint())
                : cluster.haproxies().stream().map(p -> p.node().host().address() + ":" + p.readPort());
        Map<String, Object> profile = new LinkedHashMap<>();
        profile.put("engine", "postgresql");
        profile.put("write", url(writes.stream(), cluster, "read-write"));
        profile.put("read", url(reads, cluster, cluster.haproxies().isEmpty() ? "prefer-standby" : "any"));
        if (!cluster.poolers().isEmpty()) {
            Stream<String> pooled = cluster.poolers().stream().map(p -> p.node().endpoint());
            profile.put("pooled", url(pooled, cluster, "read-write"));
            profile.put("poolMode", "transaction");
        }
        profile.put(
                "users",
                cluster.users().stream().map(PostgresCluster.User::name).toList());
        profile.put("durability", cluster.durability().name().toLowerCase(java.util.Locale.ROOT));
        profile.put("synchronousCommit", cluster.durability() == Durability.FAST ? "local" : "on");
        profile.put("tables", dictionary.entities().stream().map(e -> e.id()).toList());
        return profile;
    }

    private static String url(Stream<String> endpoints, PostgresCluster cluster, String attributes) {
        return endpoints.collect(Collectors.joining(
                ",",
                "postgresql://",
                "/" + cluster.database() + "?connect_timeout=3&target_session_attrs=" + attributes));
    }
}
