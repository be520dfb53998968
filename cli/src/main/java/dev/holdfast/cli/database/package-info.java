/** Connections to MongoDB and PostgreSQL servers, with the drivers' values as plain Java values. */
package dev.holdfast.cli.database;
