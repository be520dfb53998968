/** The load generator of drills: numbered writes to MongoDB and PostgreSQL, and the record of their outcomes. */
package dev.holdfast.cli.load;
