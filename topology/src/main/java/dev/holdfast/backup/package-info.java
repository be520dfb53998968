/** Backups and moments: what can be brought back, whereto, and the door that engines offer for it. */
package dev.holdfast.backup;
