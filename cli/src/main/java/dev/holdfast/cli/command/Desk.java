package dev.holdfast.cli.command;

import dev.holdfast.cli.files.Folders;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.Topology;
import dev.holdfast.world.World;
import java.util.Map;

/** What commands work with; Main lays it out, so that no command makes a live thing itself. */
public interface Desk {

    Map<String, String> environment();

    /** Whether a person sits at a terminal: then progress is drawn and questions are asked. */
    boolean isTerminal();

    Folders folders();

    /** Opens the world of an estate for looking only. */
    Hands forLooking(Topology topology, int parallelism);

    /** Opens the world of an estate for changing it; everything said goes into the ledger. */
    Hands forChanging(Topology topology, int parallelism, Ledger ledger);

    /** A world that is open, with what it takes to close it. */
    interface Hands extends AutoCloseable {
        World world();

        /**
         * Takes the estate's lock on every host, for as long as this is open or the CLI lives.
         *
         * @throws dev.holdfast.model.Trouble LOCKED, naming the owner, when another run holds it
         */
        void lock(String command);

        /** Removes what the estate's nodes leave behind on every host: the lock's file and empty folders. */
        void vacate();

        /** A witness whose record is kept in a run's folder. */
        dev.holdfast.drill.Witness witness(java.nio.file.Path folder) throws java.io.IOException;

        @Override
        void close();
    }
}
