package dev.holdfast.postgres.topology;

import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.MemberRole;
import dev.holdfast.model.Redundancy.QuorumModel;
import dev.holdfast.postgres.topology.PostgresCluster.AfterFailover;
import dev.holdfast.postgres.topology.PostgresCluster.Durability;
import java.util.List;
import java.util.Optional;

/** The redundancy of the servers and proxies of a PostgreSQL cluster. */
final class RedundancyModel {

    private RedundancyModel() {}

    static List<Redundancy> of(PostgresCluster cluster) {
        boolean waits = cluster.durability() != Durability.FAST;
        List<Redundancy.Member> servers = cluster.members().stream()
                .map(m -> new Redundancy.Member(m.node(), part(m.part(), waits), false))
                .toList();
        List<Redundancy.Member> proxies = cluster.proxies().stream()
                .map(p -> new Redundancy.Member(p.node(), MemberRole.WITNESS, false))
                .toList();
        String path = "/clusters/" + cluster.name();
        return List.of(
                new Redundancy(
                        cluster.name(),
                        PostgresCluster.SERVERS,
                        path + "/primary",
                        QuorumModel.PRIMARY,
                        servers,
                        waits ? 1 + cluster.synchronous().count() : 1,
                        cluster.durability() == Durability.PROTECT,
                        cluster.durability() == Durability.PROTECT && cluster.afterFailover() == AfterFailover.WAIT,
                        Optional.empty()),
                new Redundancy(
                        cluster.name(),
                        PostgresCluster.PROXIES,
                        path + "/proxy",
                        QuorumModel.ANY_ONE,
                        proxies,
                        0,
                        false,
                        Optional.empty()));
    }

    private static MemberRole part(PostgresCluster.MemberRole part, boolean waits) {
        return switch (part) {
            case SYNC -> waits ? MemberRole.AWAITED : MemberRole.FOLLOWER;
            case ASYNC -> MemberRole.FOLLOWER;
            case DR -> MemberRole.RESERVE;
        };
    }
}
