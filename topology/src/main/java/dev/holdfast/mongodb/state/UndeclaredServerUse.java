package dev.holdfast.mongodb.state;

import dev.holdfast.mongodb.topology.MongoCluster.Role;
import dev.holdfast.plan.Plan.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether servers that are not declared are in use, and by what: a set, a shard that is listed, or config servers. */
public final class UndeclaredServerUse {

    /** What speaks for letting a server run. */
    public enum Use {
        NONE,
        LEAVING,
        UNKNOWN,
        SHARD,
        CONFIG,
        MEMBER
    }

    private UndeclaredServerUse() {}

    /** One for every set that is in use and not declared. */
    public static List<Refusal> refusals(MongoState state) {
        Map<String, Refusal> bySet = new LinkedHashMap<>();
        for (UndeclaredServer stray : state.strays()) {
            inUse(state, stray).ifPresent(r -> bySet.putIfAbsent(r.where(), r));
        }
        return List.copyOf(bySet.values());
    }

    private static Optional<Refusal> inUse(MongoState state, UndeclaredServer stray) {
        String where = state.cluster().name() + "/" + stray.set();
        String member = stray.node().id() + " runs as " + (stray.hello().isEmpty() ? "a server" : stray.role()) + " of "
                + stray.set();
        return Optional.ofNullable(
                switch (stray.up() ? of(state, stray) : Use.NONE) {
                    case SHARD ->
                        new Refusal(
                                where,
                                "the cluster has a shard " + stray.set()
                                        + " in config.shards that the file does not declare, and " + member
                                        + ": stopping it would take its data away",
                                removal(stray.set()));
                    case CONFIG ->
                        new Refusal(
                                where,
                                member + ", a set of config servers that the file does not declare",
                                "declare it under configServers, with its members and its name");
                    case MEMBER ->
                        new Refusal(
                                where,
                                member + ", which the file does not declare: stopping it would take its data away",
                                "declare the set again with its name; to give it up, end its servers yourself, then"
                                        + " holdfast apply");
                    default -> null;
                });
    }

    /** How a shard leaves a cluster. */
    static String removal(String shard) {
        return "declare the shard again; to remove it, run db.adminCommand({removeShard: '" + shard
                + "'}) on a router until it answers state: 'completed', then holdfast apply";
    }

    public static Use of(MongoState state, UndeclaredServer stray) {
        String endpoint = stray.node().endpoint();
        if (stray.isRouter()) {
            return Use.NONE;
        }
        if (state.sets().stream().anyMatch(s -> s.hosts().contains(endpoint))) {
            return Use.LEAVING;
        }
        Optional<ReplicaSetState> declared =
                state.sets().stream().filter(s -> s.name().equals(stray.set())).findFirst();
        if (declared.isPresent()) {
            return declared.get().primary().isPresent() ? Use.NONE : Use.UNKNOWN;
        }
        if (stray.hello().has("configsvr") && stray.isMember()) {
            return Use.CONFIG;
        }
        if (state.cluster().isSharded()) {
            if (state.sharding().clusterId().isEmpty()) {
                return Use.UNKNOWN;
            }
            return isListed(state, stray, endpoint) ? Use.SHARD : Use.NONE;
        }
        return stray.hello().isEmpty() ? Use.UNKNOWN : stray.isMember() ? Use.MEMBER : Use.NONE;
    }

    private static boolean isListed(MongoState state, UndeclaredServer stray, String endpoint) {
        return state.sharding().shards().stream()
                .anyMatch(s -> s.text("_id").equals(stray.set())
                        || s.text("_id").equals(stray.node().group())
                        || List.of(s.text("host").replaceFirst("^[^/]*/", "").split(","))
                                .contains(endpoint));
    }

    /** Servers that would be passed over by a new set of the same data: that set would be empty. */
    public static Optional<UndeclaredServer> predecessor(MongoState state, ReplicaSetState set) {
        return state.strays().stream()
                .filter(s -> !s.isRouter() && (s.hasData() || s.isMember()))
                .filter(s -> s.set().equals(set.name())
                        || s.node().group().equals(set.name())
                        || set.desired().role() != Role.SHARD)
                .findFirst();
    }
}
