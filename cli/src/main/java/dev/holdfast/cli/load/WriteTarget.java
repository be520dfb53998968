package dev.holdfast.cli.load;

import dev.holdfast.ledger.ReadBackResult;
import dev.holdfast.model.Node;

/** The target of one stream's writes: prepared before, read back from one server, removed afterwards. */
interface WriteTarget extends AutoCloseable {

    void make();

    /** Creates a separate client for one lane. */
    WorkloadWriter writer();

    ReadBackResult readBack(int stream, Node from);

    void clear();

    @Override
    void close();
}
