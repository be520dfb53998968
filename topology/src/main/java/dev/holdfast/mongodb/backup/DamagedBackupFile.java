package dev.holdfast.mongodb.backup;

import dev.holdfast.execution.ScriptFormat;

/**
 * A damaged backup or oplog slice in the repository, as a script of verification reports it.
 *
 * @param piece the file of a slice, or the label of a backup
 */
public record DamagedBackupFile(String set, String piece, String reason) {

    /** {@code mongodb/repository-verify.sh}: of all files. */
    public static final ScriptFormat OF_REPOSITORY =
            new ScriptFormat("mongodb/repository-verify.sh", DamagedBackupFile.class);

    /** {@code mongodb/restore-verify.sh}: of the files that a restore needs. */
    public static final ScriptFormat OF_RESTORE =
            new ScriptFormat("mongodb/restore-verify.sh", DamagedBackupFile.class);
}
