/** Switchover, failover and rejoin: decisions and steps. */
package dev.holdfast.postgres.rolechange;
