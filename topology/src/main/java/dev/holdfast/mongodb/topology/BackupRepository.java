package dev.holdfast.mongodb.topology;

import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.topology.MongoCluster.Backups;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a cluster's copies and archive are: a folder that the machine of Holdfast and every host of a member see alike.
 *
 * @param root the cluster's folder in it
 * @param base how often a copy is made; empty means only when asked for
 * @param slice how often a slice of the archive is closed
 * @param keep for how long moments stay reachable; empty means for ever
 */
public record BackupRepository(
        String path, String root, Optional<Duration> base, Duration slice, Optional<Duration> keep) {

    /** The machine that runs Holdfast: the archive is kept and read there. */
    public static final Host HERE = new Host("here", "localhost", "", "", new HostAccess.Local(), "/");

    /** @throws HoldfastException REFUSED when the cluster declares no backups */
    public static BackupRepository of(Topology topology, MongoCluster cluster) {
        Backups declared = cluster.options()
                .backups()
                .orElseThrow(() -> new HoldfastException(
                        ExitCode.REFUSED,
                        cluster.name(),
                        "no backups are declared",
                        "add backup: { base: daily, oplogEvery: 60s, repository: /path/on/shared/storage }"));
        return new BackupRepository(
                declared.path(),
                declared.path() + "/mongodb/" + topology.name() + "/" + cluster.name(),
                declared.base(),
                declared.slice(),
                declared.keep());
    }

    public String oplog(String set) {
        return root + "/" + set + "/oplog";
    }

    public String copy(String set, String label) {
        return root + "/" + set + "/base/" + label;
    }
}
