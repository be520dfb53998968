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
 * The directory of a cluster's backups and oplog archive, shared by Holdfast's host and the host of every member.
 *
 * @param root the cluster's directory in it
 * @param base the interval of base backups; empty means only on request
 * @param slice the interval after which a slice of the oplog archive is closed
 * @param keep the length of the recovery window; empty means without limit
 */
public record BackupRepository(
        String path, String root, Optional<Duration> base, Duration slice, Optional<Duration> keep) {

    /** The host that runs Holdfast, which keeps and reads the oplog archive. */
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
