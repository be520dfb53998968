package dev.holdfast.ledger;

/** The reason why a write was not acknowledged. */
public enum FailureReason {
    NONE("acknowledged"),
    SYNC_WAIT_CANCELLED("committed only on the primary: the wait for the standby was cancelled"),
    CONNECTION_LOST("the connection was lost during the write"),
    TIMED_OUT("no answer within the client's deadline"),
    WRITE_CONCERN("written, but not to as many members as required"),
    STEPPED_DOWN("the server changed its role during the write"),
    ALREADY_THERE("an earlier attempt of the same write was stored"),
    NOT_REACHED("no connection was possible"),
    NOT_PRIMARY("the server is not the primary"),
    SERVER_ERROR("the server refused the write"),
    NEVER_SENT("never sent: the client still waited for an earlier write"),
    UNRECORDED("the record ended before the outcome was on disk");

    private final String sentence;

    FailureReason(String sentence) {
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }
}
