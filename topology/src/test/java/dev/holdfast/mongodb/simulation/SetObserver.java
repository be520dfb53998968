package dev.holdfast.mongodb.simulation;

import java.util.List;

/** What the invariants must know of a simulated set. */
interface SetObserver {

    /** A member has become primary. */
    void elected(ReplicaMember member);

    /** A member has rolled operations back; they are in files of its data. */
    void rolledBack(ReplicaMember member, List<OplogEntry> entries);
}
