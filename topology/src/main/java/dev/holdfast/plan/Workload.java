package dev.holdfast.plan;

import java.time.Duration;
import java.util.List;

/**
 * Numbered writes at an even pace through the doors that clients use.
 *
 * @param run tells this workload's writes from those of any other; letters and digits
 * @param deadline after this long a client gives a write up
 * @param payload bytes that each write carries beside its number
 */
public record Workload(String run, List<Stream> streams, Duration deadline, int payload) {
    public Workload {
        streams = List.copyOf(streams);
    }

    /**
     * Writes of one kind; each of its lanes writes one after the other, at a pace that does not wait for answers.
     *
     * @param name for people, e.g. {@code shard-a w:majority}
     * @param group whose primary keeps the writes
     * @param promised whether every acknowledged write must survive; those of w:1 are counted but not promised
     */
    public record Stream(
            String name, String cluster, String group, Entrance entrance, boolean promised, int perSecond, int lanes) {

        public Stream pace(int writesPerSecond, int side) {
            return new Stream(name, cluster, group, entrance, promised, writesPerSecond, side);
        }
    }
}
