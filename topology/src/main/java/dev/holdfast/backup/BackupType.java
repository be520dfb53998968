package dev.holdfast.backup;

/** The amount of data that a backup copies. */
public enum BackupType {
    /** The type that the declared schedule requires now. */
    DUE,
    /** Everything. */
    FULL,
    /** The changes since the last full backup, if the engine supports it. */
    DIFFERENTIAL,
    /** The changes since the last backup of any kind, if the engine supports it. */
    INCREMENTAL
}
