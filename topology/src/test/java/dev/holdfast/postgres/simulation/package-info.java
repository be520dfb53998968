/** A deterministic simulation of what people and machines do to a PostgreSQL cluster, and of an operator who follows the hints. */
package dev.holdfast.postgres.simulation;
