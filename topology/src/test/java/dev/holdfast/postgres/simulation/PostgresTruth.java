package dev.holdfast.postgres.simulation;

import dev.holdfast.postgres.FakeServer;
import dev.holdfast.postgres.simulation.PostgresClients.Acknowledgement;
import dev.holdfast.postgres.state.SynchronousStandbyNames;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What is wrong with an estate, as no program can see it: by the pretend servers themselves. */
final class PostgresTruth {

    private final PostgresModel estate;

    PostgresTruth(PostgresModel estate) {
        this.estate = estate;
    }

    /** Returns the first thing that is wrong; empty when the declared state is reached and no write is missing. */
    String wrong() {
        List<FakeServer> primaries = estate.clients().primaries();
        if (primaries.size() != 1) {
            return primaries.size() + " primaries";
        }
        FakeServer primary = primaries.get(0);
        if (primary.hangs) {
            return primary.name + " hangs";
        }
        List<FakeServer> followers = estate.fake().followers(primary);
        for (FakeServer server : estate.fake().servers.values()) {
            if (server != primary && !followers.contains(server)) {
                return server.name + " does not follow " + primary.name;
            }
            if (server.marks.containsKey("fence")) {
                return server.name + " is fenced";
            }
        }
        Collection<Acknowledgement> missing = estate.judge().missing(primary);
        if (!missing.isEmpty()) {
            return primary.name + " lacks the acknowledged "
                    + PostgresJudge.numbers(
                            missing.stream().map(Acknowledgement::commit).toList());
        }
        String commits = commits(primary, followers);
        return commits.isEmpty() ? proxies(primary) : commits;
    }

    private String commits(FakeServer primary, List<FakeServer> followers) {
        String names = primary.setting("synchronous_standby_names");
        boolean waits = estate.sequence().durability() != Durability.FAST;
        long eligible = followers.stream()
                .filter(f -> estate.bank().trio.members.get(f.name) == MemberRole.SYNC)
                .count();
        long declared = waits ? Math.min(estate.sequence().count(), eligible) : 0;
        if (SynchronousStandbyNames.count(names) != declared) {
            return "commits wait for '" + names + "'";
        }
        if (!followers.stream().map(f -> f.name).toList().containsAll(SynchronousStandbyNames.parse(names))) {
            return "commits wait for '" + names + "', and not all of them follow";
        }
        String line = primary.marks.getOrDefault("history", "");
        return waits && !(line.contains(primary.name) && line.contains(names))
                ? "the history on " + primary.name + " is '" + line + "', and commits wait for " + names
                : "";
    }

    private String proxies(FakeServer primary) {
        return estate.bank().trio.proxies.stream()
                .map(host -> Map.entry(host, estate.fake().proxy(host)))
                .filter(p -> !p.getValue().up
                        || !p.getValue().ready.contains("primary/" + primary.name)
                        || p.getValue().ready.stream()
                                        .filter(r -> r.startsWith("primary/"))
                                        .count()
                                > 1)
                .findFirst()
                .map(p -> "the proxy on " + p.getKey() + " does not lead to " + primary.name)
                .orElse("");
    }
}
