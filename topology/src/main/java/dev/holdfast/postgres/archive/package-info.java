/** Planners of WAL archiving and of repository servers. */
package dev.holdfast.postgres.archive;
