package dev.holdfast.ledger;

/** Why a write was not acknowledged. */
public enum FailureReason {
    NONE("acknowledged"),
    SYNC_WAIT_CANCELLED("committed on the primary alone: the wait for the standby was cancelled"),
    CONNECTION_LOST("the connection was lost while the write was under way"),
    TIMED_OUT("no answer within the client's deadline"),
    WRITE_CONCERN("written, but not to as many members as asked for"),
    STEPPED_DOWN("the server changed its role while the write was under way"),
    ALREADY_THERE("an earlier attempt of the same write is there"),
    NOT_REACHED("no connection could be made"),
    NOT_PRIMARY("the server is not the primary"),
    SERVER_ERROR("the server refused the write"),
    NEVER_SENT("never sent: the lane was still waiting for an earlier write"),
    UNRECORDED("its outcome was not on disk when the record ended");

    private final String sentence;

    FailureReason(String sentence) {
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }
}
