/** Small values of PostgreSQL: LSNs, WAL segments, settings, quoting. */
package dev.holdfast.postgres.value;
