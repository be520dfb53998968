/** Small values of PostgreSQL: log positions, timelines, parameters, quoting. */
package dev.holdfast.postgres.value;
