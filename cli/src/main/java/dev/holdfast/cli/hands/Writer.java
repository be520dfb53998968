package dev.holdfast.cli.hands;

import dev.holdfast.ledger.Fate;
import dev.holdfast.ledger.Reason;

/** One client that writes one numbered write after the other through an entrance. */
interface Writer extends AutoCloseable {

    /** @param told the driver's or the server's own words; empty when acknowledged */
    record Result(Fate fate, Reason reason, String told) {
        static final Result ACKNOWLEDGED = new Result(Fate.ACKNOWLEDGED, Reason.NONE, "");

        static Result refused(Reason reason, String told) {
            return new Result(Fate.REFUSED, reason, told);
        }

        static Result indeterminate(Reason reason, String told) {
            return new Result(Fate.INDETERMINATE, reason, told);
        }
    }

    /** Never throws for what a server or the network does. */
    Result write(long id);

    @Override
    void close();
}
