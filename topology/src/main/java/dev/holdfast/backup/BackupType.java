package dev.holdfast.backup;

/** The type of a backup: full, differential, incremental, or what the schedule requires. */
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
