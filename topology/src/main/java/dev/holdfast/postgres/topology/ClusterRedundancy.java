package dev.holdfast.postgres.topology;

import dev.holdfast.model.Node;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.QuorumModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The groups of a cluster whose members replace each other, for the failure simulator.
 *
 * @param acknowledging how many servers a commit waits for, the primary included
 */
record ClusterRedundancy(
        String cluster, List<Redundancy.Member> servers, List<Node> proxies, List<Node> etcd, int acknowledging) {

    /**
     * @param isWaiting whether writes wait until that many servers have the commit
     * @param isWaitingAfterFailover whether they also wait after a failover, until a person acts
     * @param automatic how long an automatic failover waits for the primary; empty when a person fails over
     */
    List<Redundancy> groups(boolean isWaiting, boolean isWaitingAfterFailover, Optional<Duration> automatic) {
        String path = "/clusters/" + cluster;
        List<Redundancy> groups = new ArrayList<>(List.of(
                new Redundancy(
                        cluster,
                        PostgresCluster.SERVERS,
                        path + "/primary",
                        QuorumModel.PRIMARY,
                        servers,
                        acknowledging,
                        isWaiting,
                        isWaitingAfterFailover,
                        automatic),
                new Redundancy(
                        cluster,
                        PostgresCluster.PROXIES,
                        path + "/proxy",
                        QuorumModel.ANY_ONE,
                        withoutData(proxies, false),
                        0,
                        false,
                        Optional.empty())));
        if (!etcd.isEmpty()) {
            groups.add(new Redundancy(
                    cluster,
                    PostgresCluster.ETCD,
                    path + "/automatic/dcs/etcd",
                    QuorumModel.VOTES,
                    withoutData(etcd, true),
                    etcd.size() / 2 + 1,
                    true,
                    Optional.empty()));
        }
        return List.copyOf(groups);
    }

    private static List<Redundancy.Member> withoutData(List<Node> nodes, boolean vote) {
        return nodes.stream()
                .map(n -> new Redundancy.Member(n, Redundancy.MemberRole.WITHOUT_DATA, vote))
                .toList();
    }
}
