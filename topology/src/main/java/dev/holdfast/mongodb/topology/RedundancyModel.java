package dev.holdfast.mongodb.topology;

import dev.holdfast.model.Quantities;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.MemberRole;
import dev.holdfast.model.Redundancy.QuorumModel;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCluster.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The redundancy of the sets and routers of a MongoDB cluster. */
final class RedundancyModel {

    private RedundancyModel() {}

    static List<Redundancy> of(MongoCluster cluster) {
        List<Redundancy> all = new ArrayList<>();
        cluster.allSets().forEach(s -> all.add(of(cluster, s)));
        if (cluster.isSharded()) {
            List<Redundancy.Member> routers = cluster.routers().stream()
                    .map(n -> new Redundancy.Member(n, MemberRole.WITNESS, false))
                    .toList();
            String path = "/clusters/" + cluster.name() + "/routers";
            all.add(new Redundancy(
                    cluster.name(),
                    ClusterRules.ROUTERS,
                    path,
                    QuorumModel.ANY_ONE,
                    routers,
                    0,
                    false,
                    Optional.empty()));
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
                QuorumModel.MAJORITY,
                members,
                copies(cluster, set),
                true,
                Optional.of(set.electionTimeout()));
    }

    private static MemberRole part(Member member) {
        if (member.arbiter()) {
            return MemberRole.WITNESS;
        }
        return member.priority() > 0 ? MemberRole.AWAITED : MemberRole.RESERVE;
    }

    /** Returns the number of members that acknowledge a default write; config servers always write to a majority. */
    private static int copies(MongoCluster cluster, MongoSet set) {
        Optional<Long> number = Quantities.whole(cluster.defaults().write().w());
        int holders = (int) set.voters().stream().filter(m -> !m.arbiter()).count();
        int majority = Math.min(set.voters().size() / 2 + 1, Math.max(1, holders));
        return set.role() == Role.CONFIG || number.isEmpty()
                ? majority
                : number.get().intValue();
    }
}
