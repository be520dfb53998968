package dev.holdfast.postgres.configuration;

import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The lines of {@code pg_hba.conf}: users, addresses and authentication methods. */
public final class HbaRules {

    private static final String PASSWORD = "scram-sha-256";

    private HbaRules() {}

    /**
     * Allows replication from the cluster's members only, and databases from the hosts of the estate and the declared clients.
     */
    public static List<String> rules(Topology topology, PostgresCluster cluster) {
        List<String> rules = new ArrayList<>();
        rules.add("local all " + PostgresCluster.ADMIN + " peer map=holdfast");
        rules.add("local all all " + PASSWORD);
        sources(cluster.servers().stream().map(n -> n.host()))
                .forEach(s -> rules.add("host replication " + PostgresCluster.REPLICATION + " " + s + " " + PASSWORD));
        Set<String> sources = sources(topology.hosts().values().stream());
        sources.addAll(clients(topology, cluster));
        sources.forEach(s -> rules.add("host all all " + s + " " + PASSWORD));
        return rules;
    }

    /** Over SSH, Holdfast connects to the servers from a host that the estate does not declare. */
    private static List<String> clients(Topology topology, PostgresCluster cluster) {
        if (cluster.options().clients().isPresent()) {
            return cluster.options().clients().get();
        }
        boolean isRemote = topology.hosts().values().stream().anyMatch(h -> h.reach() instanceof HostAccess.Ssh);
        return isRemote ? List.of("samenet") : List.of();
    }

    private static Set<String> sources(Stream<Host> hosts) {
        Set<String> sources = new LinkedHashSet<>();
        hosts.forEach(h -> sources.add(source(h.address())));
        return sources;
    }

    /**
     * Between loopback addresses the kernel may choose another source address, so the rule covers the whole loopback network.
     */
    private static String source(String address) {
        if (address.startsWith("127.") || address.equals("localhost")) {
            return "127.0.0.0/8";
        }
        if (address.matches("[0-9.]+")) {
            return address + "/32";
        }
        return address.contains(":") ? address + "/128" : address;
    }

    public static List<String> identities(String user) {
        return List.of("holdfast " + user + " " + PostgresCluster.ADMIN);
    }
}
