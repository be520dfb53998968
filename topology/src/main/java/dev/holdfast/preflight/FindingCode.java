package dev.holdfast.preflight;

import java.util.Locale;

/** The kinds of findings. Scripts compare the words, so a word is never changed. */
public enum FindingCode {
    PROGRAM_MISSING(false),
    PROGRAM_VERSION(false),
    ACCOUNT_MISSING(true),
    DIRECTORY_CLOSED(true),
    DIRECTORY_SEARCH(false),
    DIRECTORY_FOREIGN(false),
    FILE_SYSTEM_READ_ONLY(true),
    FILE_SYSTEM_TYPE(false),
    DISK_SPACE(true),
    PORT_TAKEN(false),
    NAME_UNRESOLVED(false),
    NAME_DIFFERS(true),
    NAME_LOOPBACK(true),
    CONNECTION_BLOCKED(true),
    CONNECTION_REFUSED(false),
    CONNECTION_UNTESTED(false),
    CLOCK_OFFSET(true),
    CPU(true),
    LIMIT(false),
    KERNEL(false),
    PROCESS_REAPING(false);

    private final boolean stopsApply;

    FindingCode(boolean stopsApply) {
        this.stopsApply = stopsApply;
    }

    /**
     * Returns whether apply creates no server on a host with such an error. The plan of apply itself refuses the other errors
     * that a server cannot start with.
     */
    public boolean stopsApply() {
        return stopsApply;
    }

    /** Returns the word in output, such as {@code port-taken}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
