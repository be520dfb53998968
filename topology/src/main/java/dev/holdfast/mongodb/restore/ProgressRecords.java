package dev.holdfast.mongodb.restore;

import dev.holdfast.execution.ScriptFormat;

/** The progress of a restore in each member's directory, as {@code mongodb/restore-progress.sh} reports it. */
public final class ProgressRecords {

    public static final ScriptFormat FORMAT =
            new ScriptFormat("mongodb/restore-progress.sh", Restore.class, Fenced.class, Space.class);

    private ProgressRecords() {}

    /** The progress of a restore in a member's directory; {@code aside} after the old data was set aside. */
    enum State {
        ASIDE,
        BEGUN,
        UNPACKED,
        TOUCHED,
        REPLAYED,
        READY,
        VERIFIED
    }

    /** @param order the name of the restore */
    record Restore(String id, State state, String order) {}

    record Fenced(String id, String reason) {}

    /** @param kib the free space */
    record Space(String id, long kib, String mount) {}
}
