package dev.holdfast.cli.load;

import dev.holdfast.ledger.ReadBackResult;
import dev.holdfast.model.Node;

/** Where one stream's writes go: made before, read back from one server, removed afterwards. */
interface WriteTarget extends AutoCloseable {

    void make();

    /** A client of its own for one lane. */
    WorkloadWriter writer();

    ReadBackResult readBack(int stream, Node from);

    void clear();

    @Override
    void close();
}
