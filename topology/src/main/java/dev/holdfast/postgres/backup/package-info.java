/** Backups with pgBackRest, and what the repository holds. */
package dev.holdfast.postgres.backup;
