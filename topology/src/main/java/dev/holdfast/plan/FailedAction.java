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

    /** MongoDB: AlreadyInitialized, NamespaceExists, IndexAlreadyExists, user exists, role exists. */
    private static final Set<String> EXISTS = Set.of(
            "23",
            "48",
            "68",
            "51003",
            "51002",
            // PostgreSQL: database, schema, table, column, object exists; an object to drop does not exist
            "42P04",
            "42P06",
            "42P07",
            "42701",
            "42710",
            "42704",
            "42P01",
            "3F000",
            "42703");

    /** MongoDB: the member stepped down, shuts down, or is in the middle of an election. */
    private static final Set<String> LOST_ROLE = Set.of(
            "10107",
            "13435",
            "13436",
            "10058",
            "11600",
            "11602",
            "91",
            "189",
            "6",
            "7",
            "89",
            "9001",
            "50",
            "262",
            "95",
            "125",
            "203",
            "133",
            // PostgreSQL: shutdown, crash, starting, read-only after a role change
            "57P01",
            "57P02",
            "57P03",
            "25006",
            "57014",
            "55P03");

    private FailedAction() {}

    static boolean isFinal(Action action, ActionResult answer) {
        boolean server = action instanceof Action.RunSql || action instanceof Action.RunMongoCommand;
        String code = answer.code();
        return server
                && answer.isRefused()
                && !EXISTS.contains(code)
                && !LOST_ROLE.contains(code)
                && !code.startsWith("08");
    }
}
