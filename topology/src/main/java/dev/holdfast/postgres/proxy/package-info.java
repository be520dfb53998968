/** Planners of HAProxy and PgBouncer. */
package dev.holdfast.postgres.proxy;
