package dev.holdfast.execution;

/** The reason why a record of a script's output does not have its format. */
final class UnreadableRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableRecordException(String message) {
        super(message);
    }
}
