package dev.holdfast.postgres.topology;

import dev.holdfast.config.Schedule;
import dev.holdfast.model.BackupPolicy;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.MemberRole;
import dev.holdfast.model.Redundancy.QuorumModel;
import dev.holdfast.postgres.topology.PostgresCluster.AfterFailover;
import dev.holdfast.postgres.topology.PostgresCluster.Durability;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the servers and proxies of a PostgreSQL cluster live through the loss of nodes. */
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

    static Optional<BackupPolicy> precaution(PostgresCluster cluster) {
        if (!(cluster.extras().get("backup") instanceof Map<?, ?> backup)) {
            return Optional.empty();
        }
        String path = "/clusters/" + cluster.name() + "/backup";
        Object often = backup.containsKey("incremental") ? backup.get("incremental") : backup.get("full");
        boolean isEvery = backup.containsKey("archive") && backup.containsKey("archiveEvery");
        Optional<Duration> behind = isEvery
                ? Schedule.interval(backup.get("archiveEvery"))
                : backup.containsKey("archive") ? Optional.empty() : Schedule.interval(often);
        return Optional.of(new BackupPolicy(
                isEvery ? path + "/archiveEvery" : path,
                behind,
                Optional.ofNullable(backup.get("repository"))
                        .filter(r -> !(r instanceof Map))
                        .map(String::valueOf),
                Schedule.interval(backup.get("full")),
                Schedule.interval(backup.get("keep"))));
    }
}
