package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.time.Duration;

/** A sharded cluster of which nothing is left but the topology file and the repository. */
public final class LostCluster implements AutoCloseable {

    private static final int WRITES = 30;

    private final ArchivedCluster cluster;
    private final String moment;

    public LostCluster() throws Exception {
        cluster = new ArchivedCluster();
        cluster.write(WRITES);
        cluster.well("backup", "run");
        cluster.write(WRITES);
        moment = cluster.moment(WRITES + WRITES / 2);
        Ended result = cluster.restored("restore", "social", "--to", cluster.moment(cluster.writes() - 1), "--dry-run");
        assertThat(result.exit()).as(result.toString()).isZero();
        cluster.killArchiver();
        // a base backup waits for an archiver that has reported shortly before
        Patience.until(
                "the archive has ended",
                Duration.ofSeconds(180),
                () -> cluster.estate.run("plan").toString().contains("has not been archived since"));
        cluster.estate.lost();
    }

    public RealEstate estate() {
        return cluster.estate;
    }

    /** Of a write in the middle of the last ones. */
    public String moment() {
        return moment;
    }

    /** Starts an archiver of the restored cluster, and waits until it reports. */
    public void archive() throws Exception {
        cluster.startArchiver();
        cluster.planned();
    }

    /** The writes up to and with that one and no later, by the router and with the administrator's new password. */
    public void holds() {
        cluster.holds(cluster.estate.address(1) + ":27017", WRITES + WRITES / 2);
    }

    @Override
    public void close() throws IOException {
        cluster.close();
    }
}
