package dev.holdfast.plan;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Numbered writes at an even pace through the doors that clients use.
 *
 * @param run tells this workload's writes from those of any other; letters and digits
 * @param deadline after this long a client gives a write up
 * @param own what is written besides, by the cluster whose first stream writes it
 * @param payload bytes that each write carries beside its number
 */
public record Workload(String run, List<Stream> streams, Duration deadline, int payload, Map<String, Own> own) {
    public Workload {
        streams = List.copyOf(streams);
        own = Map.copyOf(own);
    }

    public Workload(String run, List<Stream> streams, Duration deadline, int payload) {
        this(run, streams, deadline, payload, Map.of());
    }

    /**
     * A write of the user's own that goes with every numbered one: on PostgreSQL in the same transaction, on MongoDB just
     * before it. It may name the number and the run.
     *
     * @param database of MongoDB, where it is said; unused by PostgreSQL
     * @param words SQL with {@code :id} and {@code :run}, or a command as JSON with {@code "$id"} and {@code "$run"}
     */
    public record Own(String database, String words) {}

    /** What is written besides by a stream: absent but for its cluster's first. */
    public Optional<Own> own(int stream) {
        String cluster = streams.get(stream).cluster();
        boolean isFirst =
                streams.stream().limit(stream).noneMatch(s -> s.cluster().equals(cluster));
        return isFirst ? Optional.ofNullable(own.get(cluster)) : Optional.empty();
    }

    /**
     * Writes of one kind; each of its lanes writes one after the other, at a pace that does not wait for answers.
     *
     * @param name for people, e.g. {@code shard-a w:majority}
     * @param group whose primary keeps the writes
     * @param promised whether every acknowledged write must survive; those of w:1 are counted but not promised
     */
    public record Stream(
            String name,
            String cluster,
            String group,
            ClientEndpoint endpoint,
            boolean promised,
            int perSecond,
            int lanes) {

        public Stream pace(int writesPerSecond, int side) {
            return new Stream(name, cluster, group, endpoint, promised, writesPerSecond, side);
        }
    }
}
