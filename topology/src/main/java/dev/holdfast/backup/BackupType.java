package dev.holdfast.backup;

/** How much a backup copies. */
public enum BackupType {
    /** What the declared schedule says is due. */
    DUE,
    /** Everything. */
    FULL,
    /** What changed since the last full backup, where the engine can. */
    DIFFERENTIAL,
    /** What changed since the last backup of any kind, where the engine can. */
    INCREMENTAL
}
