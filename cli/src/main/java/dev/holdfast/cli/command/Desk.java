package dev.holdfast.cli.command;

import dev.holdfast.cli.files.Folders;
import dev.holdfast.cli.files.TopologyFile;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import dev.holdfast.world.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What commands work with; Main lays it out, so that no command makes a live thing itself. */
public interface Desk {

    Map<String, String> environment();

    /** Whether a person sits at a terminal: then progress is drawn and questions are asked. */
    boolean isTerminal();

    Folders folders();

    /** A topology file with all that it names; whatever is wrong with it is told in what was read, and never thrown. */
    TopologyFile.Loaded load(Path file, Map<String, String> vars);

    /** Opens the world of an estate for looking only. */
    Hands forLooking(Topology topology, int parallelism);

    /** Opens the world of an estate for changing it; everything said goes into the ledger. */
    Hands forChanging(Topology topology, int parallelism, Ledger ledger);

    /**
     * A host on which the lock could not be taken because it does not answer.
     *
     * @param why in its shell's words
     */
    record Unreached(String host, String why) {
        public static final String HINT =
                "make it answer: ssh as the user, with the key and the known hosts that the topology names, must work";
    }

    /** A world that is open, with what it takes to close it. */
    interface Hands extends AutoCloseable {
        World world();

        /**
         * Takes the estate's lock on every host that answers, for as long as this is open or the CLI lives. Where it is not
         * held nothing is changed.
         *
         * @return the hosts that do not answer
         * @throws dev.holdfast.model.Trouble LOCKED, naming the owner, when another run holds it anywhere
         */
        List<Unreached> lock(String command);

        /**
         * The same for what needs every host.
         *
         * @throws dev.holdfast.model.Trouble UNREACHABLE when any host does not answer
         */
        default void lockEverywhere(String command) {
            List<Unreached> unreached = lock(command);
            if (!unreached.isEmpty()) {
                throw new Trouble(
                        Exit.UNREACHABLE,
                        unreached.stream().map(Unreached::host).collect(Collectors.joining(", ")),
                        command + " needs every host, and "
                                + unreached.stream().map(Unreached::why).collect(Collectors.joining("; ")),
                        Unreached.HINT);
            }
        }

        /** Removes what the estate's nodes leave behind on every host: the lock's file and empty folders. */
        void vacate();

        /** A witness whose record is kept in a run's folder. */
        dev.holdfast.drill.Witness witness(java.nio.file.Path folder) throws java.io.IOException;

        /** Who keeps archiving what servers write. */
        dev.holdfast.backup.Archivist archivist();

        @Override
        void close();
    }
}
