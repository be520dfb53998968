package dev.holdfast.postgres.topology;

import dev.holdfast.config.ConfigCursor;
import dev.holdfast.model.Quantities;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.postgres.topology.PostgresCluster.Synchronous;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Rules for {@code failover: automatic} that Patroni or etcd would not check, or only at run time. */
final class AutomaticRules {

    private AutomaticRules() {}

    static void check(PostgresCluster cluster, ConfigCursor keys) {
        ConfigCursor declared = keys.at("automatic");
        if (cluster.automatic().isEmpty()) {
            if (declared.isPresent()) {
                declared.wrong(
                        "automatic has an effect only with failover: automatic",
                        "write failover: automatic, or leave the key automatic out");
            }
            return;
        }
        AutomaticFailover automatic = cluster.automatic().get();
        checkTimes(automatic, declared.isPresent() ? declared : keys.at("failover"));
        checkStore(automatic, keys);
        checkMembers(cluster, keys);
    }

    private static void checkTimes(AutomaticFailover automatic, ConfigCursor keys) {
        Map<String, Duration> times = new LinkedHashMap<>();
        times.put("ttl", automatic.ttl());
        times.put("loopWait", automatic.loopWait());
        times.put("retryTimeout", automatic.retryTimeout());
        times.forEach((name, time) -> {
            if (time.toMillis() % 1000 != 0 || time.isZero()) {
                keys.at(name)
                        .wrong(
                                name + " is " + Quantities.shown(time) + ", and Patroni needs whole seconds",
                                "write 1s or more");
            }
        });
        if (automatic.retryTimeout().toSeconds() < AutomaticReader.SHORTEST_RETRY) {
            keys.at("retryTimeout")
                    .wrong(
                            "retryTimeout is " + Quantities.shown(automatic.retryTimeout())
                                    + ": below 3s, a request to a lost member takes all of the time, and no failover happens",
                            "write 3s or more");
        }
        Duration least = automatic.loopWait().plus(automatic.retryTimeout().multipliedBy(2));
        if (automatic.ttl().compareTo(least) < 0) {
            keys.at("ttl")
                    .wrong(
                            "ttl is " + Quantities.shown(automatic.ttl()) + ", and loopWait + 2 x retryTimeout is "
                                    + Quantities.shown(least)
                                    + ": a healthy primary can lose its lock during one retry",
                            "write ttl: " + Quantities.shown(least) + " or more, or shorter retries");
        } else if (automatic.ttl().toSeconds() < AutomaticReader.SHORTEST_TTL) {
            keys.at("ttl")
                    .doubtful(
                            "ttl is " + Quantities.shown(automatic.ttl())
                                    + ": a host that pauses as long, for example for a snapshot, causes a failover",
                            "write 10s or more");
        }
    }

    private static void checkStore(AutomaticFailover automatic, ConfigCursor keys) {
        ConfigCursor dcs = keys.at("automatic").at("dcs");
        if (!dcs.isPresent()) {
            keys.at("failover")
                    .wrong(
                            "failover: automatic needs a place for the leader lock, and no dcs is declared",
                            "write automatic: { dcs: { etcd: [ HOST, HOST, HOST ] } }");
            return;
        }
        if (!automatic.isExternal()) {
            for (String external : new String[] {"endpoints", "user", "password"}) {
                if (dcs.at(external).isPresent()) {
                    dcs.at(external)
                            .wrong(
                                    external + " has an effect only with an external etcd, which Holdfast does not run",
                                    "write etcd: external, or leave the key out");
                }
            }
            checkServers(automatic, dcs.at("etcd"));
        } else if (dcs.at("etcd").isPresent() && automatic.external().isEmpty()) {
            dcs.wrong("etcd is external, and no endpoints are declared", "write endpoints: [ 10.0.0.1:2379 ]");
        } else {
            for (ConfigCursor endpoint : dcs.at("endpoints").items()) {
                if (!endpoint.text("").matches("[A-Za-z0-9._-]+:[0-9]{1,5}")) {
                    endpoint.wrong(endpoint.written() + " is not an address with a port", "write ADDRESS:2379");
                }
            }
        }
    }

    private static void checkServers(AutomaticFailover automatic, ConfigCursor etcd) {
        int size = automatic.servers().size();
        if (size > 0 && size % 2 == 0) {
            etcd.wrong(
                    size + " etcd servers: an even number tolerates no more losses than " + (size - 1),
                    "write an odd number of hosts in different zones");
        }
        Map<String, String> zones = new LinkedHashMap<>();
        automatic.servers().forEach(s -> {
            String zone = s.node().host().zone();
            String other = zone.isEmpty()
                    ? null
                    : zones.putIfAbsent(zone, s.node().host().name());
            if (other != null) {
                etcd.wrong(
                        "the etcd servers on " + other + " and "
                                + s.node().host().name() + " are both in zone " + zone,
                        "use a separate zone for each etcd server");
            }
            if (!s.node().host().address().matches("[0-9.]+")) {
                etcd.wrong(
                        "etcd listens only on an IP address, and the address of "
                                + s.node().host().name() + " is "
                                + s.node().host().address(),
                        "write the IP address of that host under hosts");
            }
        });
    }

    private static void checkMembers(PostgresCluster cluster, ConfigCursor keys) {
        long candidates = cluster.members().stream()
                .filter(m -> m.role() != MemberRole.DR)
                .count();
        if (!cluster.members().isEmpty() && candidates < 2) {
            keys.at("failover")
                    .wrong(
                            "failover: automatic needs a standby that Patroni may promote, and " + cluster.name()
                                    + " has none",
                            "declare a standby under standbys");
        }
        if (!cluster.poolers().isEmpty()) {
            keys.at("proxy")
                    .wrong(
                            "with failover: automatic, clients reach the primary through HAProxy, which asks Patroni; a"
                                    + " PgBouncer does not follow an automatic failover",
                            "declare HAProxies only, and leave kind: pgbouncer out");
        }
        if (cluster.synchronous().method() == Synchronous.Method.ANY) {
            keys.at("synchronous")
                    .wrong(
                            "with failover: automatic, Patroni names the synchronous standbys, and commits wait for all of them",
                            "write synchronous: FIRST " + cluster.synchronous().count());
        }
        if (cluster.afterFailover() == AfterFailover.SERVE) {
            keys.at("afterFailover")
                    .wrong(
                            "afterFailover: serve is for failovers by a person; with failover: automatic, Patroni decides"
                                    + " by durability what commits wait for",
                            "leave afterFailover out; durability: available serves without a standby");
        }
    }
}
