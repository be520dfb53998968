package dev.holdfast.mongodb.backup;

import dev.holdfast.backup.ClockRange;
import dev.holdfast.backup.RecoveryTarget;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.value.ClusterTime;
import dev.holdfast.mongodb.value.OpTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The cluster time, derived from the last write of every primary of a set with data; each later write has a later time. The
 * config servers are not asked: no client writes there, and only their archive must reach a recovery target.
 */
public record ClusterClock(ExecutionContext context, MongoCluster cluster) {

    /** The wait for a write on an idle set: the archiver writes every few seconds, and the set itself every 10 s. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration GLANCE = Duration.ofMillis(100);

    /** Returns the last writes of all primaries, in order; empty if any set has no primary. */
    private Optional<List<ClusterTime>> lastWrites() {
        List<MongoSet> sets = cluster.sets();
        List<ClusterTime> stamps = new ArrayList<>();
        for (MongoSet set : sets) {
            ServerQueries.hellos(context, set.nodes()).stream()
                    .filter(h -> h.is("isWritablePrimary") && h.text("setName").equals(set.name()))
                    .map(h -> ClusterTime.of(OpTime.of(h.doc("lastWrite").doc("opTime"))))
                    .filter(ClusterTime::isKnown)
                    .max(Comparator.naturalOrder())
                    .ifPresent(stamps::add);
        }
        stamps.sort(Comparator.naturalOrder());
        return Optional.of(stamps).filter(s -> s.size() == sets.size());
    }

    /** Returns an instant in which the increment counts as nanoseconds, so that the order is kept. */
    public Optional<ClockRange> range() {
        return lastWrites().map(s -> new ClockRange(instant(s.get(0)), instant(s.get(s.size() - 1))));
    }

    private static Instant instant(ClusterTime stamp) {
        return Instant.ofEpochSecond(stamp.seconds(), stamp.increment());
    }

    /**
     * Returns the latest write of any set after every set has passed it. Before that, a set that lags could still write
     * something earlier.
     */
    public Optional<RecoveryTarget> now() {
        Optional<ClusterTime> moment = lastWrites().map(s -> s.get(s.size() - 1));
        Instant limit = context.now().plus(PATIENCE);
        while (moment.isPresent() && context.now().isBefore(limit)) {
            ClusterTime desired = moment.get();
            if (lastWrites().filter(s -> s.get(0).compareTo(desired) > 0).isPresent()) {
                return Optional.of(new RecoveryTarget.ClusterTime(desired.seconds(), desired.increment()));
            }
            context.pause(GLANCE);
        }
        return Optional.empty();
    }
}
