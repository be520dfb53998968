/** Written runbooks from simulated state. */
package dev.holdfast.postgres.runbook;
