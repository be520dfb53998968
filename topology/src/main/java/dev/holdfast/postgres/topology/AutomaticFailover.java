package dev.holdfast.postgres.topology;

import dev.holdfast.model.Node;
import dev.holdfast.model.SecretRef;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The declaration of a failover without a person: Patroni runs the members, and its leader lock is in etcd.
 *
 * @param ttl how long the leader lock lives without a renewal, in whole seconds
 * @param loopWait the interval of Patroni's loop, in whole seconds
 * @param retryTimeout how long Patroni retries a request to etcd or PostgreSQL, in whole seconds
 * @param maximumLag megabytes of WAL that an asynchronous candidate may lack
 * @param servers the etcd servers that Holdfast runs; empty with an external etcd
 * @param external the endpoints of an external etcd, as {@code address:port}; empty when Holdfast runs etcd
 * @param user the user of an external etcd; empty when it has no authentication
 * @param password the password of Patroni's etcd user
 * @param watchdog the mode of Patroni's watchdog
 * @param restPorts the ports of Patroni's REST API, by the member's node id
 */
public record AutomaticFailover(
        Duration ttl,
        Duration loopWait,
        Duration retryTimeout,
        int maximumLag,
        List<EtcdServer> servers,
        List<String> external,
        Optional<String> user,
        SecretRef password,
        Watchdog watchdog,
        Map<String, Integer> restPorts) {

    /** Patroni's user of an etcd that Holdfast runs. */
    public static final String USER = "patroni";

    public AutomaticFailover {
        servers = List.copyOf(servers);
        external = List.copyOf(external);
        restPorts = Map.copyOf(restPorts);
    }

    /** One etcd server; its node's port is the port for clients. */
    public record EtcdServer(Node node, int peerPort) {
        /** Returns the address and port for the other etcd servers. */
        public String peer() {
            return node.host().address() + ":" + peerPort;
        }
    }

    /** Whether a watchdog device resets the host of a primary whose Patroni does not renew its lock. */
    public enum Watchdog {
        OFF,
        /** Used where the host has a device. */
        AUTOMATIC,
        /** A member without a device cannot become primary. */
        REQUIRED
    }

    public boolean isExternal() {
        return servers.isEmpty();
    }

    /** Returns the endpoints of etcd for clients, as {@code address:port}. */
    public List<String> endpoints() {
        return isExternal()
                ? external
                : servers.stream().map(s -> s.node().endpoint()).toList();
    }

    /** Returns the user with which Patroni logs in to etcd; empty for an external etcd without authentication. */
    public Optional<String> login() {
        return isExternal() ? user : Optional.of(USER);
    }

    /** Returns the address and port of the REST API of a member's Patroni. */
    public String rest(Node member) {
        return member.host().address() + ":" + restPorts.get(member.id());
    }
}
