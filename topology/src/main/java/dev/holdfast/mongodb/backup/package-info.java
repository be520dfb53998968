/** Backups of members and the archived oplog, and what the repository holds. */
package dev.holdfast.mongodb.backup;
