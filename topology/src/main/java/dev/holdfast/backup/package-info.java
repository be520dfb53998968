/** Backups, recovery targets and inventories, independent of the engine. */
package dev.holdfast.backup;
