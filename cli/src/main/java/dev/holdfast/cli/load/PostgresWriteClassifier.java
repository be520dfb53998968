package dev.holdfast.cli.load;

import dev.holdfast.cli.load.WorkloadWriter.Result;
import dev.holdfast.ledger.FailureReason;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Classifies the outcome of a PostgreSQL write from the driver's result.
 *
 * <ol>
 *   <li>It returned with the warning that the wait for the standby was cancelled: committed only locally, so indeterminate.
 *   <li>The connection failed: refused, because the write was never sent.
 *   <li>The server reported ERROR: the transaction is rolled back, so refused.
 *   <li>Anything else (FATAL, PANIC, a lost connection, the client's deadline): indeterminate.
 * </ol>
 */
final class PostgresWriteClassifier {

    private static final Pattern CANCELLED = Pattern.compile("cancell?ing (the )?wait for synchronous replication");

    private PostgresWriteClassifier() {}

    /** Classifies a write that returned; each argument can be null. */
    static Result returned(SQLWarning ofStatement, SQLWarning ofConnection) {
        return cancelled(ofStatement)
                .or(() -> cancelled(ofConnection))
                .map(message -> Result.indeterminate(FailureReason.SYNC_WAIT_CANCELLED, message))
                .orElse(Result.ACKNOWLEDGED);
    }

    private static Optional<String> cancelled(SQLWarning first) {
        for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
            if ("01000".equals(warning.getSQLState())
                    && CANCELLED.matcher(warning.getMessage()).find()) {
                return Optional.of(warning.getMessage());
            }
        }
        return Optional.empty();
    }

    static Result notConnected(SQLException why) {
        return Result.refused(FailureReason.NOT_REACHED, why.getMessage());
    }

    static Result failed(SQLException why) {
        String message = why.getMessage();
        ServerErrorMessage server =
                why instanceof PSQLException serverError ? serverError.getServerErrorMessage() : null;
        if (server != null && "ERROR".equals(server.getSeverity())) {
            return "25006".equals(why.getSQLState())
                    ? Result.refused(FailureReason.NOT_PRIMARY, message)
                    : Result.refused(FailureReason.SERVER_ERROR, message);
        }
        return Result.indeterminate(isTimeout(why) ? FailureReason.TIMED_OUT : FailureReason.CONNECTION_LOST, message);
    }

    private static boolean isTimeout(Throwable why) {
        for (Throwable cause = why; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }
}
