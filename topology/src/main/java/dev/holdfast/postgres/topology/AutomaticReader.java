package dev.holdfast.postgres.topology;

import dev.holdfast.config.ClusterConfig;
import dev.holdfast.config.ConfigCursor;
import dev.holdfast.model.Node;
import dev.holdfast.model.SecretRef;
import dev.holdfast.postgres.topology.AutomaticFailover.EtcdServer;
import dev.holdfast.postgres.topology.AutomaticFailover.Watchdog;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads {@code failover} and {@code automatic} of a PostgreSQL cluster. */
final class AutomaticReader {

    private static final int CLIENT_PORT = 2379;
    private static final int PEER_PORT = 2380;
    private static final int REST_PORT = 8008;

    /** Patroni's own defaults, which most sites run. */
    private static final int USUAL_TTL = 30;

    private static final int USUAL_WAIT = 10;
    /** A TTL below this makes an ordinary pause of a host look like its loss. */
    static final int SHORTEST_TTL = 10;

    private static final int SHORT_LOOP = 2;
    static final int SHORTEST_RETRY = 3;

    private final ClusterConfig config;
    private final ConfigCursor keys;

    AutomaticReader(ClusterConfig config) {
        this.config = config;
        this.keys = config.keys().at("automatic");
    }

    /** Returns the declaration; empty where a person fails over. */
    Optional<AutomaticFailover> read(List<Member> members) {
        if (!config.keys().at("failover").text("").equals("automatic")) {
            return Optional.empty();
        }
        ConfigCursor dcs = keys.at("dcs");
        Duration ttl = keys.at("ttl").span().orElse(Duration.ofSeconds(usualTtl()));
        Duration loop = keys.at("loopWait")
                .span()
                .orElse(Duration.ofSeconds(ttl.toSeconds() >= USUAL_TTL ? USUAL_WAIT : SHORT_LOOP));
        long left = ttl.minus(loop).dividedBy(2).toSeconds();
        Duration retry = keys.at("retryTimeout")
                .span()
                .orElse(Duration.ofSeconds(Math.max(SHORTEST_RETRY, Math.min(USUAL_WAIT, left))));
        boolean isExternal = !dcs.at("etcd").isList();
        return Optional.of(new AutomaticFailover(
                ttl,
                loop,
                retry,
                keys.at("maximumLag").megabytes().orElse(1),
                isExternal ? List.of() : servers(dcs.at("etcd")),
                isExternal
                        ? dcs.at("endpoints").items().stream()
                                .map(e -> e.text(""))
                                .toList()
                        : List.of(),
                dcs.at("user").isPresent() ? Optional.of(dcs.at("user").text("")) : Optional.empty(),
                isExternal ? config.secret(dcs.at("password"), "etcd") : new SecretRef(config.name() + "/etcd"),
                Watchdog.valueOf(keys.at("watchdog").text("off").toUpperCase(Locale.ROOT)),
                restPorts(members)));
    }

    /** Detection takes up to the TTL, so an RTO below a minute needs a shorter one. */
    private long usualTtl() {
        return config.objectives()
                .rto()
                .filter(r -> r.toSeconds() < 2 * USUAL_TTL)
                .map(r -> Math.max(SHORTEST_TTL, r.toSeconds() / 2))
                .orElse((long) USUAL_TTL);
    }

    private List<EtcdServer> servers(ConfigCursor etcd) {
        List<EtcdServer> servers = new ArrayList<>();
        for (ConfigCursor server : etcd.items()) {
            config.host(server).ifPresent(host -> {
                Node node = config.allocate(PostgresCluster.ETCD, Node.Kind.ETCD, host, server, CLIENT_PORT);
                servers.add(new EtcdServer(node, config.port(node, server.at("peerPort"), PEER_PORT)));
            });
        }
        return servers;
    }

    private Map<String, Integer> restPorts(List<Member> members) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        members.forEach(m -> ports.put(m.node().id(), config.port(m.node(), keys.at("restPort"), REST_PORT)));
        return ports;
    }
}
