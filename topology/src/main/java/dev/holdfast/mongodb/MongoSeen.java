package dev.holdfast.mongodb;

import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.MongoCluster.User;
import dev.holdfast.world.Observation;
import dev.holdfast.world.Observed;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What all servers of one MongoDB cluster said at one moment.
 *
 * @param sets the config servers first, then the shards or the replica set
 * @param loggedIn the declared users who could log in with their declared passwords
 * @param strays servers that are marked as ours but declared no more
 */
record MongoSeen(
        Instant at,
        Topology topology,
        MongoCluster cluster,
        List<SetSeen> sets,
        List<NodeSeen> routers,
        ShardingSeen sharding,
        List<User> loggedIn,
        List<Stray> strays,
        Versions versions)
        implements Observed {

    /** The estate's name, which marks its directories. */
    String estate() {
        return topology.name();
    }

    MongoLogins logins() {
        return new MongoLogins(cluster);
    }

    MongoServer server(Node node) {
        return new MongoServer(estate(), cluster, node);
    }

    /** The declared servers, in the order of the topology. */
    Stream<NodeSeen> servers() {
        return Stream.concat(sets.stream().flatMap(s -> s.members().stream()), routers.stream());
    }

    /** The set that carries users and cluster-wide defaults: the config servers, or the lone replica set. */
    SetSeen seat() {
        return sets.get(0);
    }

    List<SetSeen> shards() {
        return cluster.isSharded() ? sets.subList(1, sets.size()) : List.of();
    }

    /** Some of its servers were made before. */
    boolean stands() {
        return servers().anyMatch(n -> n.footing().ground() == Ground.OURS);
    }

    /** Every host answers: only then is it known what there is to compare with what is declared. */
    boolean isReached() {
        return servers().noneMatch(NodeSeen::isOutOfReach);
    }

    @Override
    public List<Observation> nodes() {
        return MongoStatus.observations(this);
    }

    @Override
    public List<String> complaints() {
        return MongoStatus.complaints(this);
    }
}
