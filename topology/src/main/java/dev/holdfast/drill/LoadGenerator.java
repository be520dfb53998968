package dev.holdfast.drill;

import dev.holdfast.ledger.ClientStalls;
import dev.holdfast.ledger.ReadBackResult;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Workload;
import java.util.List;
import java.util.Map;

/** Sends writes through the clients' endpoints, records every write, and reads back what the servers contain. */
public interface LoadGenerator extends AutoCloseable {

    /**
     * What one stream has observed so far.
     *
     * @param lastAcknowledged the time of the last acknowledgement; -1 when there is none
     * @param messages the first message for each reason
     */
    record Counts(
            long acknowledged, long refused, long indeterminate, long lastAcknowledged, Map<String, String> messages) {}

    /** Creates the table or collection of a workload through its own endpoints. */
    void prepare(Workload workload);

    void start();

    /** Returns nanoseconds since this load generator's zero; all times of writes are on this clock. */
    long now();

    /** Returns one progress per stream, in the workload's order. */
    List<Counts> tallies();

    /** Returns when this machine stalled so far. */
    ClientStalls stalls();

    /** Starts no more writes, and waits until running writes have ended and their record is on disk. */
    void stop();

    /** Reads a stream back from exactly one server. */
    ReadBackResult readBack(int stream, Node from);

    /** Reads a stream from a server that is not a final primary, such as a side-by-side restore, and keeps it by name. */
    ReadBackResult readAside(String name, int stream, Node from);

    /** Removes what {@link #prepare} created. */
    void clear();

    @Override
    void close();
}
