package dev.holdfast.mongodb.backup;

import dev.holdfast.execution.ScriptFormat;

/**
 * A damaged file of a repository, as a script reports it that reads the repository's files.
 *
 * @param piece the file of a slice, or the label of a backup
 */
public record DamagedPiece(String set, String piece, String reason) {

    /** {@code mongodb/repository-verify.sh}: of all files. */
    public static final ScriptFormat OF_REPOSITORY =
            new ScriptFormat("mongodb/repository-verify.sh", DamagedPiece.class);

    /** {@code mongodb/restore-verify.sh}: of the files that a restore needs. */
    public static final ScriptFormat OF_RESTORE = new ScriptFormat("mongodb/restore-verify.sh", DamagedPiece.class);
}
