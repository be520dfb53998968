package dev.holdfast.plan;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import java.util.Set;

/**
 * Decides what a result other than OK means for its step.
 *
 * <p>A database server that refuses a change has decided: part of the change can be done and part not, as when one shard builds
 * an index and another cannot. A later matching observation proves nothing. The outcome stays open, and an observation
 * decides, in three cases: the server reports that the object exists already, the server lost its role or its session while
 * the command ran, or a script ended with an exit code.
 */
final class FailedAction {

    /**
     * Errors of document commands that leave the outcome open.
     *
     * <ul>
     *   <li>AlreadyInitialized, NamespaceExists, IndexAlreadyExists, user exists, role exists.
     *   <li>The member stepped down, shuts down, or is in the middle of an election.
     * </ul>
     */
    private static final Set<String> OPEN_IN_COMMANDS = Set.of(
            "23", "48", "68", "51003", "51002", "10107", "13435", "13436", "10058", "11600", "11602", "91", "189", "6",
            "7", "89", "9001", "50", "262", "95", "125", "203", "133");

    /**
     * SQLSTATEs that leave the outcome open.
     *
     * <ul>
     *   <li>Database, schema, table, column, object exists; an object to drop does not exist.
     *   <li>Shutdown, crash, starting, read-only after a role change, and the end of a session or a statement.
     * </ul>
     */
    private static final Set<String> OPEN_IN_SQL = Set.of(
            "42P04", "42P06", "42P07", "42701", "42710", "42704", "42P01", "3F000", "42703", "57P01", "57P02", "57P03",
            "25006", "57014", "55P03");

    /** The class of SQLSTATEs for connections that failed. */
    private static final String LOST_CONNECTION = "08";

    private FailedAction() {}

    static boolean isFinal(Action action, ActionResult answer) {
        if (!answer.isRefused()) {
            return false;
        }
        String code = answer.code();
        if (action instanceof Action.RunSql) {
            return !OPEN_IN_SQL.contains(code) && !code.startsWith(LOST_CONNECTION);
        }
        return action instanceof Action.RunDocumentCommand && !OPEN_IN_COMMANDS.contains(code);
    }
}
