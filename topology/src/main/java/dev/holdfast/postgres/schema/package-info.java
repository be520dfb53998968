/** The data dictionary in PostgreSQL: differences and DDL. */
package dev.holdfast.postgres.schema;
