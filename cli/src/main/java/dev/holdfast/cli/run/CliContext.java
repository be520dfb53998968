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

/**
 * What every command gets from the program: output, terminal, clock, topology files and live sessions. {@link
 * dev.holdfast.cli.Main} provides them, so that no command creates a live object itself.
 */
public interface CliContext {

    Map<String, String> environment();

    /** Returns whether a person is at a terminal; then progress is drawn and questions are asked. */
    boolean isTerminal();

    StateDirectory folders();

    /** Reads a topology file with all files that it names. Errors are returned in the result and never thrown. */
    TopologyFile.Loaded load(Path file, Map<String, String> vars);

    /** Opens a page in the browser of the person at this machine. Throws an exception when that is impossible. */
    void openPage(Path page);

    /** Opens a session that only observes the estate. */
    Session forLooking(Topology topology, int parallelism);

    /**
     * Opens a session that can change the estate; every action goes into the ledger.
     *
     * @param makesSecrets whether a secret that is not known here is generated; never for servers that exist already
     */
    Session forChanging(Topology topology, int parallelism, Ledger ledger, boolean makesSecrets);

    /**
     * A host whose lock was not taken because the host does not answer.
     *
     * @param why the error message of its shell
     */
    record UnreachableHost(String host, String why) {
        public static final String HINT =
                "make the host reachable: ssh must work without a question, with the login, key and known hosts of the topology"
                        + " or of ~/.ssh/config";
    }

    /** An open session, with what is needed to close it. */
    interface Session extends AutoCloseable {
        ExecutionContext context();

        /**
         * Takes the estate's lock on every host that answers. The lock is held until this session or the CLI ends. On a host
         * without the lock nothing is changed.
         *
         * @return the hosts that do not answer
         * @throws dev.holdfast.model.HoldfastException LOCKED, with the owner, when another run holds the lock on any host
         */
        List<UnreachableHost> lock(String command);

        /**
         * Takes the same lock for a command that needs every host.
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
         * Returns the value of a secret, for an operator who keeps a copy elsewhere; never generates one.
         *
         * @throws dev.holdfast.model.HoldfastException when the secret's source does not have it
         */
        String reveal(SecretRef secret);

        /** Removes what the estate's nodes leave on every host: the lock file and empty directories. */
        void vacate();

        /** Creates a load generator that keeps its record in the directory of a run. */
        dev.holdfast.drill.LoadGenerator loadGenerator(java.nio.file.Path folder) throws java.io.IOException;

        /** Returns the archiver of oplogs. */
        dev.holdfast.backup.OplogArchiver oplogArchiver();

        @Override
        void close();
    }
}
