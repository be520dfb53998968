package dev.holdfast.drill;

import dev.holdfast.ledger.ClientStalls;
import dev.holdfast.ledger.ReadBackResult;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Workload;
import java.util.List;
import java.util.Map;

/** Who writes through the clients' doors, keeps the record of every write, and reads back what is there. */
public interface LoadGenerator extends AutoCloseable {

    /**
     * What one stream has seen so far.
     *
     * @param lastAcknowledged when the last acknowledgement came; -1 when none has come
     * @param messages for each reason met, the first words it was told in
     */
    record Counts(
            long acknowledged, long refused, long indeterminate, long lastAcknowledged, Map<String, String> messages) {}

    /** Makes the place that a workload writes to, through its own doors. */
    void prepare(Workload workload);

    void start();

    /** Nanoseconds since this witness's zero; every moment of a write is told on this clock. */
    long now();

    /** One for each stream, in the workload's order. */
    List<Counts> tallies();

    /** When this witness's own machine stood still, so far. */
    ClientStalls stalls();

    /** Begins no more writes, and waits for those under way and for their record to be on disk. */
    void stop();

    /** Reads a stream back from one server and no other. */
    ReadBackResult readBack(int stream, Node from);

    /** Reads a stream from a server that is no final primary, such as a restored copy; kept by a name of its own. */
    ReadBackResult readAside(String name, int stream, Node from);

    /** Removes what {@link #prepare} made. */
    void clear();

    @Override
    void close();
}
