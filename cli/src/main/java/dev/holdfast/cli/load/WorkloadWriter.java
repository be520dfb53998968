package dev.holdfast.cli.load;

import dev.holdfast.ledger.FailureReason;
import dev.holdfast.ledger.WriteOutcome;

/** One client that writes one numbered write after the other through an entrance. */
interface WorkloadWriter extends AutoCloseable {

    /** @param told the driver's or the server's own words; empty when acknowledged */
    record Result(WriteOutcome fate, FailureReason reason, String told) {
        static final Result ACKNOWLEDGED = new Result(WriteOutcome.ACKNOWLEDGED, FailureReason.NONE, "");

        static Result refused(FailureReason reason, String told) {
            return new Result(WriteOutcome.REFUSED, reason, told);
        }

        static Result indeterminate(FailureReason reason, String told) {
            return new Result(WriteOutcome.INDETERMINATE, reason, told);
        }
    }

    /** Never throws for what a server or the network does. */
    Result write(long id);

    @Override
    void close();
}
