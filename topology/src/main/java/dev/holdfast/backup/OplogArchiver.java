package dev.holdfast.backup;

import dev.holdfast.execution.Credentials;
import dev.holdfast.model.Node;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps archiving what servers write, until it is told to end; the hands have one. */
public interface OplogArchiver {

    /**
     * The history of one replica set, and where it is kept.
     *
     * @param name for people, e.g. {@code social/shard-a}
     * @param replicaSet the set's name, as its members know it
     * @param folder where its slices lie, on the machine that runs Holdfast
     * @param from where an archive begins that has nothing yet, when the servers still have it; else it begins now
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
     * Archives all sources side by side until this thread is interrupted; what was read is then on disk.
     *
     * @param log takes one sentence whenever something is worth telling: a gap, an outage, its end
     * @throws dev.holdfast.model.HoldfastException LOCKED when another archiver works on one of the folders
     */
    void keep(List<Source> sources, Consumer<String> log);
}
