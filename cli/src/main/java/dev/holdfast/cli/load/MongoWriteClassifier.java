package dev.holdfast.cli.load;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketOpenException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.MongoWriteConcernException;
import com.mongodb.MongoWriteException;
import dev.holdfast.cli.load.WorkloadWriter.Result;
import dev.holdfast.ledger.FailureReason;
import java.util.Set;

/**
 * Classifies the outcome of a MongoDB write from the driver's result. A write is refused only when every attempt certainly
 * wrote nothing; the driver keeps earlier attempts as suppressed exceptions.
 *
 * <ol>
 *   <li>An error of the write itself: refused, except for a duplicate number, which an earlier attempt has written.
 *   <li>A write concern that was not satisfied: written somewhere, so indeterminate.
 *   <li>No server, no connection, no login, or not the primary, and no earlier attempt: refused.
 *   <li>Anything else (network, deadlines, a change of roles): indeterminate.
 * </ol>
 */
final class MongoWriteClassifier {

    private static final int DUPLICATE_KEY = 11000;
    private static final Set<Integer> NOT_PRIMARY = Set.of(10107, 13435);
    private static final Set<Integer> ROLE_CHANGED = Set.of(91, 189, 11600, 11602, 13436);
    private static final Set<Integer> DEADLINE = Set.of(50, 202, 262);
    private static final String NOTHING_WRITTEN = "NoWritesPerformed";

    private MongoWriteClassifier() {}

    static Result of(MongoException why) {
        String message = why.getMessage();
        if (why instanceof MongoWriteException write) {
            return write.getError().getCode() == DUPLICATE_KEY
                    ? Result.indeterminate(FailureReason.ALREADY_THERE, message)
                    : Result.refused(FailureReason.SERVER_ERROR, message);
        }
        if (why instanceof MongoWriteConcernException) {
            return Result.indeterminate(FailureReason.WRITE_CONCERN, message);
        }
        boolean first = why.getSuppressed().length == 0 || why.hasErrorLabel(NOTHING_WRITTEN);
        if (first && isNotPrimary(why)) {
            return Result.refused(FailureReason.NOT_PRIMARY, message);
        }
        if (first && neverSent(why)) {
            return Result.refused(FailureReason.NOT_REACHED, message);
        }
        return Result.indeterminate(reason(why), message);
    }

    private static boolean isNotPrimary(MongoException why) {
        return why instanceof MongoNotPrimaryException || NOT_PRIMARY.contains(why.getCode());
    }

    private static boolean neverSent(MongoException why) {
        if (why instanceof MongoSocketOpenException || why instanceof MongoSecurityException) {
            return true;
        }
        // the deadline of the whole operation can pass after the write was sent; the others only before
        return why instanceof MongoTimeoutException && !(why instanceof MongoOperationTimeoutException);
    }

    private static FailureReason reason(MongoException why) {
        if (why instanceof MongoTimeoutException
                || why instanceof MongoExecutionTimeoutException
                || why instanceof MongoSocketReadTimeoutException
                || DEADLINE.contains(why.getCode())) {
            return FailureReason.TIMED_OUT;
        }
        if (ROLE_CHANGED.contains(why.getCode())) {
            return FailureReason.STEPPED_DOWN;
        }
        return why instanceof MongoCommandException ? FailureReason.SERVER_ERROR : FailureReason.CONNECTION_LOST;
    }
}
