package dev.holdfast.cli.load;

import dev.holdfast.ledger.FailureReason;
import dev.holdfast.ledger.WriteOutcome;

/** One client that writes one numbered write after the other through a client endpoint. */
interface WorkloadWriter extends AutoCloseable {

    /** @param message the driver's or the server's message; empty when acknowledged */
    record Result(WriteOutcome outcome, FailureReason reason, String message) {
        static final Result ACKNOWLEDGED = new Result(WriteOutcome.ACKNOWLEDGED, FailureReason.NONE, "");

        static Result refused(FailureReason reason, String message) {
            return new Result(WriteOutcome.REFUSED, reason, message);
        }

        static Result indeterminate(FailureReason reason, String message) {
            return new Result(WriteOutcome.INDETERMINATE, reason, message);
        }
    }

    /** Writes one number; never throws for what a server or the network does. */
    Result write(long id);

    @Override
    void close();
}
