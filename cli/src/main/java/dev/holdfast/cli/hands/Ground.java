package dev.holdfast.cli.hands;

import dev.holdfast.ledger.Found;
import dev.holdfast.model.Node;

/** Where one stream's writes go: made before, read back from one server, removed afterwards. */
interface Ground extends AutoCloseable {

    void make();

    /** A client of its own for one lane. */
    Writer writer();

    Found readBack(int stream, Node from);

    void clear();

    @Override
    void close();
}
