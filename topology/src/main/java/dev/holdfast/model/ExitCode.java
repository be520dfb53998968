package dev.holdfast.model;

/** The exit codes, which are a contract with scripts. */
public enum ExitCode {
    DONE(0),
    TOOL_FAILED(1),
    CHANGES_PENDING(2),
    TOPOLOGY_WRONG(3),
    REFUSED(4),
    INCOMPLETE(5),
    OBJECTIVE_MISSED(6),
    WOULD_LOSE_DATA(7),
    LOCKED(8),
    TIMED_OUT(9),
    UNREACHABLE(10),
    USAGE(64),
    INTERRUPTED(130);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
