package dev.holdfast.postgres;

import dev.holdfast.engine.Schedule;
import dev.holdfast.model.Precaution;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.Form;
import dev.holdfast.model.Redundancy.Part;
import dev.holdfast.postgres.PostgresCluster.Durability;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the servers and proxies of a PostgreSQL cluster live through the loss of nodes. */
final class PostgresRedundancy {

    private PostgresRedundancy() {}

    static List<Redundancy> of(PostgresCluster cluster) {
        boolean waits = cluster.durability() != Durability.FAST;
        List<Redundancy.Member> servers = cluster.members().stream()
                .map(m -> new Redundancy.Member(m.node(), part(m.part(), waits), false))
                .toList();
        List<Redundancy.Member> proxies = cluster.proxies().stream()
                .map(p -> new Redundancy.Member(p.node(), Part.WITNESS, false))
                .toList();
        String path = "/clusters/" + cluster.name();
        return List.of(
                new Redundancy(
                        cluster.name(),
                        PostgresCluster.SERVERS,
                        path + "/primary",
                        Form.PRIMARY,
                        servers,
                        waits ? 1 + cluster.synchronous().count() : 1,
                        cluster.durability() == Durability.PROTECT,
                        Optional.empty()),
                new Redundancy(
                        cluster.name(),
                        PostgresCluster.PROXIES,
                        path + "/proxy",
                        Form.ANY_ONE,
                        proxies,
                        0,
                        false,
                        Optional.empty()));
    }

    private static Part part(PostgresCluster.Part part, boolean waits) {
        return switch (part) {
            case SYNC -> waits ? Part.AWAITED : Part.FOLLOWER;
            case ASYNC -> Part.FOLLOWER;
            case DR -> Part.RESERVE;
        };
    }

    static Optional<Precaution> precaution(PostgresCluster cluster) {
        if (!(cluster.extras().get("backup") instanceof Map<?, ?> backup)) {
            return Optional.empty();
        }
        String path = "/clusters/" + cluster.name() + "/backup";
        if (backup.containsKey("archive")) {
            return Optional.of(new Precaution(path, Optional.empty()));
        }
        Object often = backup.containsKey("incremental") ? backup.get("incremental") : backup.get("full");
        return Optional.of(new Precaution(path, Schedule.interval(often)));
    }
}
