package dev.holdfast.postgres.topology;

import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.QuorumModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The groups of a cluster whose members replace each other, for the failure simulator. */
final class ClusterRedundancy {

    private ClusterRedundancy() {}

    static List<Redundancy> of(PostgresCluster cluster) {
        boolean waits = cluster.durability() != Durability.FAST;
        List<Redundancy.Member> each = cluster.members().stream()
                .map(m -> new Redundancy.Member(m.node(), role(m.role(), waits), false))
                .toList();
        List<Redundancy.Member> endpoints = cluster.proxies().stream()
                .map(p -> new Redundancy.Member(p.node(), Redundancy.MemberRole.WITHOUT_DATA, false))
                .toList();
        String path = "/clusters/" + cluster.name();
        List<Redundancy> groups = new ArrayList<>(List.of(
                new Redundancy(
                        cluster.name(),
                        PostgresCluster.SERVERS,
                        path + "/primary",
                        QuorumModel.PRIMARY,
                        each,
                        waits ? 1 + cluster.synchronous().count() : 1,
                        cluster.durability() == Durability.PROTECT,
                        cluster.durability() == Durability.PROTECT
                                && cluster.afterFailover() == AfterFailover.WAIT
                                && !cluster.hasSubstituteStandby(),
                        cluster.automatic().map(AutomaticFailover::ttl)),
                new Redundancy(
                        cluster.name(),
                        PostgresCluster.PROXIES,
                        path + "/proxy",
                        QuorumModel.ANY_ONE,
                        endpoints,
                        0,
                        false,
                        Optional.empty())));
        if (!cluster.etcd().isEmpty()) {
            List<Redundancy.Member> voters = cluster.etcd().stream()
                    .map(n -> new Redundancy.Member(n, Redundancy.MemberRole.WITHOUT_DATA, true))
                    .toList();
            String at = path + "/automatic/dcs/etcd";
            groups.add(new Redundancy(
                    cluster.name(),
                    PostgresCluster.ETCD,
                    at,
                    QuorumModel.VOTES,
                    voters,
                    voters.size() / 2 + 1,
                    true,
                    Optional.empty()));
        }
        return List.copyOf(groups);
    }

    private static Redundancy.MemberRole role(PostgresCluster.MemberRole role, boolean waits) {
        return switch (role) {
            case SYNC -> waits ? Redundancy.MemberRole.AWAITED : Redundancy.MemberRole.FOLLOWER;
            case ASYNC -> Redundancy.MemberRole.FOLLOWER;
            case DR -> Redundancy.MemberRole.RESERVE;
        };
    }
}
