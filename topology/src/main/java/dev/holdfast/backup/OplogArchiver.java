package dev.holdfast.backup;

import dev.holdfast.execution.Credentials;
import dev.holdfast.model.Node;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A service that archives the oplogs of replica sets until it is stopped; {@code cli} implements it. */
public interface OplogArchiver {

    /**
     * The oplog of one replica set, and its archive.
     *
     * @param name for people, e.g. {@code social/shard-a}
     * @param replicaSet the set's name, as its members use it
     * @param folder the directory of its slices, on the machine that runs Holdfast
     * @param from where a new archive begins, if the oplog still contains it; else it begins some minutes ago
     * @param every how often a slice is closed
     */
    record Source(
            String name,
            String replicaSet,
            List<Node> seeds,
            Credentials login,
            String folder,
            Optional<RecoveryTarget.ClusterTime> from,
            Duration every) {
        public Source {
            seeds = List.copyOf(seeds);
        }
    }

    /**
     * Archives all sources in parallel until this thread is interrupted; what was read is then on disk.
     *
     * @param log receives one sentence for each notable event: a gap, an outage, its end
     * @throws dev.holdfast.model.HoldfastException LOCKED when another archiver uses one of the directories
     */
    void archive(List<Source> sources, Consumer<String> log);
}
