/** Database connections. */
package dev.holdfast.cli.database;
