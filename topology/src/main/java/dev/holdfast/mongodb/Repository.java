package dev.holdfast.mongodb;

import dev.holdfast.engine.Schedule;
import dev.holdfast.model.Amounts;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Host;
import dev.holdfast.model.Reach;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where a cluster's copies and archive are: a folder that the machine of Holdfast and every host of a member see alike.
 *
 * @param root the cluster's folder in it
 * @param base how often a copy is made; empty means only when asked for
 * @param slice how often a slice of the archive is closed
 * @param keep for how long moments stay reachable; empty means for ever
 */
record Repository(String path, String root, Optional<Duration> base, Duration slice, Optional<Duration> keep) {

    private static final Duration SLICE = Duration.ofSeconds(60);

    /** The machine that runs Holdfast: the archive is kept and read there. */
    static final Host HERE = new Host("here", "localhost", "", "", new Reach.Local(), "/");

    /** @throws Trouble REFUSED when the cluster declares no backups */
    static Repository of(Topology topology, MongoCluster cluster) {
        if (!(cluster.extras().get("backup") instanceof Map<?, ?> backup)) {
            throw new Trouble(
                    Exit.REFUSED,
                    cluster.name(),
                    "no backups are declared",
                    "add backup: { base: daily, oplogEvery: 60s, repository: /path/on/shared/storage }");
        }
        String path = String.valueOf(backup.get("repository"));
        Duration every = span(backup, "oplogEvery").orElse(SLICE);
        return new Repository(
                path,
                path + "/mongodb/" + topology.name() + "/" + cluster.name(),
                span(backup, "base"),
                every.compareTo(SLICE) < 0 ? every : SLICE,
                span(backup, "keep"));
    }

    private static Optional<Duration> span(Map<?, ?> backup, String key) {
        Object written = backup.get(key);
        return written == null ? Optional.empty() : Schedule.interval(written).or(() -> Amounts.span(written + ""));
    }

    String oplog(String set) {
        return root + "/" + set + "/oplog";
    }

    String copy(String set, String label) {
        return root + "/" + set + "/base/" + label;
    }
}
