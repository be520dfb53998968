package dev.holdfast.cli.run;

import dev.holdfast.cli.files.StateDirectory;
import dev.holdfast.cli.files.TopologyFile;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What commands work with; Main lays it out, so that no command makes a live thing itself. */
public interface CliContext {

    Map<String, String> environment();

    /** Whether a person sits at a terminal: then progress is drawn and questions are asked. */
    boolean isTerminal();

    StateDirectory folders();

    /** A topology file with all that it names; whatever is wrong with it is told in what was read, and never thrown. */
    TopologyFile.Loaded load(Path file, Map<String, String> vars);

    /** Opens the world of an estate for looking only. */
    Session forLooking(Topology topology, int parallelism);

    /**
     * Opens the world of an estate for changing it; everything said goes into the ledger.
     *
     * @param makesSecrets whether a secret that is not known here is made; never for servers that exist already
     */
    Session forChanging(Topology topology, int parallelism, Ledger ledger, boolean makesSecrets);

    /**
     * A host on which the lock could not be taken because it does not answer.
     *
     * @param why in its shell's words
     */
    record UnreachableHost(String host, String why) {
        public static final String HINT =
                "make it answer: ssh as the user, with the key and the known hosts that the topology names, must work";
    }

    /** A world that is open, with what it takes to close it. */
    interface Session extends AutoCloseable {
        ExecutionContext context();

        /**
         * Takes the estate's lock on every host that answers, for as long as this is open or the CLI lives. Where it is not
         * held nothing is changed.
         *
         * @return the hosts that do not answer
         * @throws dev.holdfast.model.HoldfastException LOCKED, naming the owner, when another run holds it anywhere
         */
        List<UnreachableHost> lock(String command);

        /**
         * The same for what needs every host.
         *
         * @throws dev.holdfast.model.HoldfastException UNREACHABLE when any host does not answer
         */
        default void lockEverywhere(String command) {
            List<UnreachableHost> unreached = lock(command);
            if (!unreached.isEmpty()) {
                throw new HoldfastException(
                        ExitCode.UNREACHABLE,
                        unreached.stream().map(UnreachableHost::host).collect(Collectors.joining(", ")),
                        command + " needs every host, and "
                                + unreached.stream().map(UnreachableHost::why).collect(Collectors.joining("; ")),
                        UnreachableHost.HINT);
            }
        }

        /**
         * The value of a secret, for a person who keeps a copy of it elsewhere; it is never made here.
         *
         * @throws dev.holdfast.model.HoldfastException when its source does not have it
         */
        String reveal(SecretRef secret);

        /** Removes what the estate's nodes leave behind on every host: the lock's file and empty folders. */
        void vacate();

        /** A witness whose record is kept in a run's folder. */
        dev.holdfast.drill.LoadGenerator witness(java.nio.file.Path folder) throws java.io.IOException;

        /** Who keeps archiving what servers write. */
        dev.holdfast.backup.OplogArchiver archivist();

        @Override
        void close();
    }
}
