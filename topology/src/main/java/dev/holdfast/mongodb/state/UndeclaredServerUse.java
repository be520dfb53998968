package dev.holdfast.mongodb.state;

import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.Role;
import dev.holdfast.plan.Plan.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides how the cluster still uses a server that is not declared: in a set, as a shard, or as config server. */
public record UndeclaredServerUse(
        MongoCluster cluster, List<ReplicaSetState> sets, ShardingState sharding, List<UndeclaredServer> servers) {

    /** The reasons to keep a server running. */
    public enum Use {
        NONE,
        LEAVING,
        UNKNOWN,
        SHARD,
        CONFIG,
        MEMBER
    }

    /** Returns one refusal per set that is in use and not declared. */
    public List<Refusal> refusals() {
        Map<String, Refusal> bySet = new LinkedHashMap<>();
        for (UndeclaredServer stray : servers) {
            inUse(stray).ifPresent(r -> bySet.putIfAbsent(r.where(), r));
        }
        return List.copyOf(bySet.values());
    }

    private Optional<Refusal> inUse(UndeclaredServer stray) {
        String where = cluster.name() + "/" + stray.set();
        String member = stray.node().id() + " runs as " + (stray.hello().isEmpty() ? "a server" : stray.role()) + " of "
                + stray.set();
        return Optional.ofNullable(
                switch (stray.up() ? of(stray) : Use.NONE) {
                    case SHARD ->
                        new Refusal(
                                where,
                                "the cluster has a shard " + stray.set()
                                        + " in config.shards that the file does not declare, and " + member
                                        + ": a stop would make its data unavailable",
                                removal(stray.set()));
                    case CONFIG ->
                        new Refusal(
                                where,
                                member + ", a set of config servers that the file does not declare",
                                "declare the set under configServers, with its members and its name");
                    case MEMBER ->
                        new Refusal(
                                where,
                                member + ", which the file does not declare: a stop would make its data unavailable",
                                "declare the set again with its name; to remove it, stop its servers manually, then"
                                        + " holdfast apply");
                    default -> null;
                });
    }

    /** Returns the instruction to remove a shard from a cluster. */
    static String removal(String shard) {
        return "declare the shard again; to remove it, run db.adminCommand({removeShard: '" + shard
                + "'}) on a router until it returns state: 'completed', then holdfast apply";
    }

    public Use of(UndeclaredServer stray) {
        String endpoint = stray.node().endpoint();
        if (stray.isRouter()) {
            return Use.NONE;
        }
        if (sets.stream().anyMatch(s -> s.hosts().contains(endpoint))) {
            return Use.LEAVING;
        }
        Optional<ReplicaSetState> declared =
                sets.stream().filter(s -> s.name().equals(stray.set())).findFirst();
        if (declared.isPresent()) {
            return declared.get().primary().isPresent() ? Use.NONE : Use.UNKNOWN;
        }
        if (stray.hello().has("configsvr") && stray.isMember()) {
            return Use.CONFIG;
        }
        if (cluster.isSharded()) {
            if (sharding.clusterId().isEmpty()) {
                return Use.UNKNOWN;
            }
            return isListed(stray, endpoint) ? Use.SHARD : Use.NONE;
        }
        return stray.hello().isEmpty() ? Use.UNKNOWN : stray.isMember() ? Use.MEMBER : Use.NONE;
    }

    private boolean isListed(UndeclaredServer stray, String endpoint) {
        return sharding.shards().stream()
                .anyMatch(s -> s.text("_id").equals(stray.set())
                        || s.text("_id").equals(stray.node().group())
                        || List.of(s.text("host").replaceFirst("^[^/]*/", "").split(","))
                                .contains(endpoint));
    }

    /** Returns undeclared servers with data of a set that would be initiated empty. */
    public Optional<UndeclaredServer> predecessor(ReplicaSetState set) {
        return servers.stream()
                .filter(s -> !s.isRouter() && (s.hasData() || s.isMember()))
                .filter(s -> s.set().equals(set.name())
                        || s.node().group().equals(set.name())
                        || set.desired().role() != Role.SHARD)
                .findFirst();
    }
}
