package dev.holdfast.mongodb;

import dev.holdfast.engine.Schedule;
import dev.holdfast.model.Amounts;
import dev.holdfast.model.Precaution;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.Form;
import dev.holdfast.model.Redundancy.Part;
import dev.holdfast.mongodb.MongoCluster.Member;
import dev.holdfast.mongodb.MongoCluster.MongoSet;
import dev.holdfast.mongodb.MongoCluster.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the sets and routers of a MongoDB cluster live through the loss of nodes. */
final class MongoRedundancy {

    private MongoRedundancy() {}

    static List<Redundancy> of(MongoCluster cluster) {
        List<Redundancy> all = new ArrayList<>();
        cluster.allSets().forEach(s -> all.add(of(cluster, s)));
        if (cluster.isSharded()) {
            List<Redundancy.Member> routers = cluster.routers().stream()
                    .map(n -> new Redundancy.Member(n, Part.WITNESS, false))
                    .toList();
            String path = "/clusters/" + cluster.name() + "/routers";
            all.add(new Redundancy(
                    cluster.name(), MongoRules.ROUTERS, path, Form.ANY_ONE, routers, 0, false, Optional.empty()));
        }
        return all;
    }

    private static Redundancy of(MongoCluster cluster, MongoSet set) {
        String path = "/clusters/" + cluster.name() + "/"
                + switch (set.role()) {
                    case CONFIG -> "configServers";
                    case SHARD -> "shards/" + set.name();
                    case REPLICA_SET -> "replicaSet";
                };
        List<Redundancy.Member> members = set.members().stream()
                .map(m -> new Redundancy.Member(m.node(), part(m), m.votes() > 0))
                .toList();
        return new Redundancy(
                cluster.name(),
                set.name(),
                path,
                Form.MAJORITY,
                members,
                copies(cluster, set),
                true,
                Optional.of(set.electionTimeout()));
    }

    private static Part part(Member member) {
        if (member.arbiter()) {
            return Part.WITNESS;
        }
        return member.priority() > 0 ? Part.AWAITED : Part.RESERVE;
    }

    /** On how many members a write of the default write concern is; the config servers always write to a majority. */
    private static int copies(MongoCluster cluster, MongoSet set) {
        Optional<Long> number = Amounts.whole(cluster.defaults().write().w());
        int holders = (int) set.voters().stream().filter(m -> !m.arbiter()).count();
        int majority = Math.min(set.voters().size() / 2 + 1, Math.max(1, holders));
        return set.role() == Role.CONFIG || number.isEmpty()
                ? majority
                : number.get().intValue();
    }

    static Optional<Precaution> precaution(MongoCluster cluster) {
        if (!(cluster.extras().get("backup") instanceof Map<?, ?> backup)) {
            return Optional.empty();
        }
        String path = "/clusters/" + cluster.name() + "/backup";
        return Optional.of(
                backup.containsKey("oplogEvery")
                        ? new Precaution(path + "/oplogEvery", Schedule.interval(backup.get("oplogEvery")))
                        : new Precaution(path, Schedule.interval(backup.get("base"))));
    }
}
