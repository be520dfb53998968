/** Factories of actions on PostgreSQL servers and proxies. */
package dev.holdfast.postgres.action;
