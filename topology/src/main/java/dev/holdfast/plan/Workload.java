package dev.holdfast.plan;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The write streams of the load generator: where each one writes, at which rate, with which deadline.
 *
 * @param run identifies the writes of this workload; letters and digits
 * @param deadline the time after which a client gives up a write
 * @param own the user's own writes, by the cluster whose first stream sends them
 * @param payload the bytes of each write in addition to its number
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
     * A write of the user's own with every numbered write: SQL in the same transaction, a command just before it. It can
     * contain the number and the run.
     *
     * @param database the database of a command; unused by SQL
     * @param words SQL with {@code :id} and {@code :run}, or a command as JSON with {@code "$id"} and {@code "$run"}
     */
    public record Own(String database, String words) {}

    /** Returns the user's own write of a stream; absent except for the first stream of a cluster. */
    public Optional<Own> own(int stream) {
        String cluster = streams.get(stream).cluster();
        boolean isFirst =
                streams.stream().limit(stream).noneMatch(s -> s.cluster().equals(cluster));
        return isFirst ? Optional.ofNullable(own.get(cluster)) : Optional.empty();
    }

    /**
     * Writes of one kind. Each lane writes one after the other, at a rate that does not wait for answers.
     *
     * @param name for people, e.g. {@code shard-a w:majority}
     * @param group the group whose primary stores the writes
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
